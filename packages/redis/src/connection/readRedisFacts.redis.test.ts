import { startServers, whyNotNative } from '@rowparity/testkit';
import { expect, it } from 'vitest';
import { closeRedis, connectRedis } from './connectRedis.ts';
import { readRedisFacts } from './readRedisFacts.ts';

const why = whyNotNative('redis');

it.skipIf(why)(why ?? 'eviction and the append-only file are read as they are now', async () => {
  // A server of its own: its settings change.
  const env = { PATH: process.env.PATH, ROWPARITY_TEST_SERVERS: 'native' };
  const own = await startServers({ want: ['redis'], say: () => undefined, env });
  const redis = connectRedis({ url: own.redis.url, use: 'http', onError: () => undefined });
  try {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.config('SET', 'appendonly', 'no');
    expect(await readRedisFacts(redis)).toEqual({
      version: expect.stringMatching(/^\d+\.\d+/),
      evictionPolicy: 'allkeys-lru',
      isAppendOnly: false,
    });
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.config('SET', 'appendonly', 'yes');
    expect(await readRedisFacts(redis)).toMatchObject({ evictionPolicy: 'noeviction', isAppendOnly: true });
  } finally {
    await closeRedis(redis);
    await own.stop();
  }
});
