/** What a process needs. This page only gathers what others may use. */
export * from './connections.ts';
export * from './exitCodes.ts';
export * from './lifeCycle.ts';
export * from './log.ts';
export * from './metrics.ts';
export * from './options.ts';
export * from './serviceOptions.ts';
export * from './statusServer.ts';
export * from './systemClock.ts';
