/** The client of orchestrators. This page names what others may use. */

export type { CallOptions } from './askRoute.ts';
export type { OrderRunOptions, SwitchOptions } from './migrationCalls.ts';
export { type OrderOptions, orderOverQueue, type RunOrderQueue } from './orderOverQueue.ts';
export { type ClientOptions, RowparityClient } from './rowparityClient.ts';
export { RowparityError, type RowparityErrorCode } from './rowparityError.ts';
export type { WaitOptions } from './waitUntilSettled.ts';
