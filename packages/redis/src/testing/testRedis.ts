/** A connection to the tests' Redis and a prefix of its own, so that test files may run side by side. */
import { freshRedisPrefix, redisServer } from '@rowparity/testkit/vitest';
import type { Redis } from 'ioredis';
import { closeRedis, connectRedis, type RedisUse } from '../connection/connectRedis.ts';

export interface TestRedis {
  readonly redis: Redis;
  readonly url: string;
  readonly prefix: string;
  cleanUp(): Promise<void>;
}

const KEYS_AT_ONCE = 1000;

export function testRedis(use: RedisUse): TestRedis {
  const { url } = redisServer();
  const prefix = freshRedisPrefix();
  const redis = connectRedis({ url, use, onError: () => {} });
  const cleanUp = async (): Promise<void> => {
    await removeKeys(redis, prefix);
    await closeRedis(redis);
  };
  return { redis, url, prefix, cleanUp };
}

async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: KEYS_AT_ONCE })) {
    if (keys.length > 0) await redis.unlink(...(keys as string[]));
  }
}
