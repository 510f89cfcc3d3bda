/** What a process needs. This page only gathers what others may use. */
export * from './exitCodes.ts';
export { createHttpApp, listen } from './httpApp.ts';
export * from './lifeCycle.ts';
export * from './log.ts';
export * from './metrics.ts';
export { type Config, ConfigurationError, flagOf, type Option, type OptionTable } from './settings/option.ts';
export { readSettings } from './settings/readSettings.ts';
export { kafkaSecurityOf, redisSecurityOf } from './settings/securityOf.ts';
export * from './settings/serviceOptions.ts';
export { unknownVariables } from './settings/unknownVariables.ts';
export { PROCESS_VARIABLES, SECRET_VARIABLES } from './settings/variableNames.ts';
export * from './statusServer.ts';
export * from './systemClock.ts';
export type { TokenConfig } from './tokenGuard.ts';
