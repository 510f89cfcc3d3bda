/** The only importer of bullmq and ioredis. This page only gathers what others may use. */
export { checkRedis, type RedisCheck } from './connection/checkRedis.ts';
export * from './connection/connectRedis.ts';
export * from './jobs/jobRefused.ts';
export { JobStopped, type StopKind } from './jobs/jobStopped.ts';
export type { JobWorker, WorkerHealth, WorkerTimes } from './jobs/jobWorker.ts';
export type { QueueCounts } from './jobs/queueSettings.ts';
export * from './jobs/runQueue.ts';
export * from './jobs/runWorker.ts';
export * from './jobs/shardQueue.ts';
export * from './jobs/shardWorker.ts';
export * from './lease/createLease.ts';
export { createRedisLedger, openRedisReadings, type RedisLedgerOptions } from './ledger/createRedisLedger.ts';
export { DEFAULT_PREFIX } from './ledger/ledgerKeys.ts';
