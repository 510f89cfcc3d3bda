/** The pure heart of Rowparity. This page only gathers what others may use. */
export * from './comparing/comparePage.ts';
export * from './comparing/readPagePair.ts';
export * from './fault.ts';
export * from './keys/keyOrder.ts';
export * from './planning/cutByRows.ts';
export * from './planning/cutRange.ts';
export * from './planning/planTable.ts';
export type * from './ports/catalog.ts';
export type * from './ports/clock.ts';
export type * from './ports/eventSink.ts';
export type * from './ports/ledger.ts';
export type * from './ports/rowSource.ts';
export * from './settling/verdict.ts';
export * from './sides.ts';
export * from './validating/eventOf.ts';
export * from './validating/retry.ts';
export * from './validating/validateShard.ts';
