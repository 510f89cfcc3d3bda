/** The only importer of bullmq and ioredis. This page names what others may use. */

export { createRedisHostBudget } from './budget/redisHostBudget.ts';
export { openRedisPauses } from './budget/redisPauses.ts';
export { checkRedis } from './connection/checkRedis.ts';
export { closeRedis, connectRedis } from './connection/connectRedis.ts';
export { readRedisFacts } from './connection/readRedisFacts.ts';
export { RedisOutage } from './connection/redisOutage.ts';
export { openRedisFleet } from './jobs/fleetReadings.ts';
export { createRunQueue } from './jobs/runQueue.ts';
export { createRunWorker } from './jobs/runWorker.ts';
export { createShardQueue, type ShardQueue } from './jobs/shardQueue.ts';
export { createShardWorker } from './jobs/shardWorker.ts';
export { createLease, type Lease } from './lease/createLease.ts';
export { createRedisLedger, openRedisReadings } from './ledger/createRedisLedger.ts';
export { createRedisMigrations, openRedisMigrationReadings } from './migrations/redisMigrations.ts';
export { createRedisWebhooks } from './webhooks/redisWebhooks.ts';
