import { ledgerConformance } from '@rowparity/core/conformance/ledger';
import { migrationsConformance } from '@rowparity/core/conformance/migrations';
import { webhooksConformance } from '@rowparity/core/conformance/webhooks';
import { systemClock } from '@rowparity/runtime';
import { startRedisCluster, whyNotNative } from '@rowparity/testkit';
import { freshRedisPrefix } from '@rowparity/testkit/vitest';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeRedis, connectRedis } from '../connection/connectRedis.ts';
import { createShardQueue } from '../jobs/shardQueue.ts';
import { createShardWorker } from '../jobs/shardWorker.ts';
import { createLease } from '../lease/createLease.ts';
import { createRedisMigrations } from '../migrations/redisMigrations.ts';
import { createRedisWebhooks } from '../webhooks/redisWebhooks.ts';
import { createRedisLedger } from './createRedisLedger.ts';

// All keys of a prefix lie in one slot, so a cluster takes every script; where the client is led is the service's
// affair.

const why = whyNotNative('redis');

describe.skipIf(why)(why ?? 'a cluster', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;

  beforeAll(async () => {
    cluster = await startRedisCluster(() => undefined);
  });

  afterAll(() => cluster?.stop());

  function connected(use: 'ledger' | 'jobs'): Redis {
    return connectRedis({ url: cluster.url, use, onError: () => undefined });
  }

  it('a script over two slots is refused here, so that the other tests mean something', async () => {
    const redis = connected('ledger');
    await expect(redis.eval("return redis.call('MGET', KEYS[1], KEYS[2])", 2, 'a', 'b')).rejects.toThrow(
      /slot/i,
    );
    await closeRedis(redis);
  });

  ledgerConformance('Redis Cluster', async () => {
    const redis = connected('ledger');
    return {
      ledger: createRedisLedger(redis, { clock: systemClock, prefix: freshRedisPrefix() }),
      lose: () => redis.disconnect(),
      cleanUp: () => closeRedis(redis),
    };
  });

  migrationsConformance('Redis Cluster', async () => {
    const redis = connected('ledger');
    const prefix = freshRedisPrefix();
    return {
      ledger: createRedisLedger(redis, { clock: systemClock, prefix }),
      migrations: createRedisMigrations(redis, { prefix }),
      cleanUp: () => closeRedis(redis),
    };
  });

  webhooksConformance('Redis Cluster', async () => {
    const redis = connected('ledger');
    return {
      store: createRedisWebhooks(redis, { prefix: freshRedisPrefix() }),
      cleanUp: () => closeRedis(redis),
    };
  });

  it('jobs and the lease work on a cluster too', async () => {
    const prefix = freshRedisPrefix();
    const [redis, jobs] = [connected('ledger'), connected('jobs')];
    const errors: Error[] = [];
    const onError = (error: Error) => void errors.push(error);
    const queue = createShardQueue(redis, { prefix, onError });
    const { promise: handled, resolve } = Promise.withResolvers<number>();
    const worker = createShardWorker({
      clock: systemClock,
      ...{ redis: jobs, prefix, concurrency: 2, onError },
      handle: async ({ shard }) => {
        resolve(shard);
        return 'done';
      },
    });
    await queue.add({ runId: 'run', generation: 1 }, [5]);
    expect(await handled).toBe(5);
    const lease = createLease({
      clock: systemClock,
      redis,
      prefix,
      name: 'test',
      leaseMs: 1000,
      onTerm: () => undefined,
      onError,
    });
    lease.start();
    await expect.poll(() => lease.term?.number).toBeGreaterThan(0);
    await lease.release();
    await worker.drain();
    await queue.close();
    await Promise.all([closeRedis(redis), closeRedis(jobs)]);
    expect(errors).toEqual([]);
  });
});
