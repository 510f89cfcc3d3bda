// Starts servers of its own: a replica that stands still must not be that of other tests.

import { migrationDefinition } from '@rowparity/contracts';
import { breakable, startServers, whyNotNative } from '@rowparity/testkit';
import { freshRedisPrefix } from '@rowparity/testkit/vitest';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { closeRedis, connectRedis } from '../connection/connectRedis.ts';
import { createRedisMigrations } from './redisMigrations.ts';

const ID = 'move';
const DEFINITION = migrationDefinition.parse({
  version: 1,
  spec: { version: 1, source: 'old', destination: 'new', tables: [{ name: 'orders' }] },
});
const why = whyNotNative('redis');

describe.skipIf(why)(why ?? 'a Redis with a replica', () => {
  const env = { ...process.env, ROWPARITY_TEST_REDIS_URL: undefined };
  let pair: Awaited<ReturnType<typeof startServers<'redis'>>>[];
  let redis: Redis;
  let replica: Redis;

  beforeAll(async () => {
    const options = { want: ['redis'] as const, say: () => undefined, env };
    pair = await Promise.all([startServers(options), startServers(options)]);
    [redis, replica] = pair.map(({ redis: { url } }) =>
      connectRedis({ url, use: 'ledger', onError: () => undefined }),
    ) as [Redis, Redis];
    const { hostname, port } = new URL(pair[0]?.redis.url ?? '');
    await replica.replicaof(hostname, port);
    const isUp = async () => expect(await replica.info('replication')).toContain('master_link_status:up');
    await vi.waitFor(isUp, { timeout: 20_000, interval: 20 });
  });

  afterAll(async () => {
    await Promise.all([redis, replica].flatMap((one) => (one ? [closeRedis(one)] : [])));
    await Promise.all((pair ?? []).map((servers) => servers.stop()));
  });

  it('a switch is answered when a replica has it; while none answers it is refused, and asked again it is the same', async () => {
    const prefix = freshRedisPrefix();
    const store = createRedisMigrations(redis, { prefix });
    const seen = async () => (await createRedisMigrations(replica, { prefix }).getMigration(ID))?.stage;
    await store.createMigration(ID, DEFINITION, 1);
    expect((await store.switchStage(ID, { to: 'src_first', now: 2 })).kind).toBe('switched');
    expect(await seen()).toBe('src_first');

    const server = breakable((pair[1] as (typeof pair)[number]).redis);
    await server.pause();
    const refused = { code: 'SERVER_UNREACHABLE', message: expect.stringContaining('Ask again.') };
    // Asked again over another connection, which has written nothing: what Redis has written counts.
    const again = connectRedis({ url: pair[0]?.redis.url ?? '', use: 'ledger', onError: () => undefined });
    for (const asked of [store, createRedisMigrations(again, { prefix })]) {
      await expect(asked.switchStage(ID, { to: 'dst_first', now: 3 })).rejects.toMatchObject(refused);
    }
    await closeRedis(again);
    await server.resume();
    expect((await store.switchStage(ID, { to: 'dst_first', now: 5 })).kind).toBe('same');
    expect(await seen()).toBe('dst_first');
    expect((await store.getMigration(ID))?.switches).toHaveLength(2);
  });
});
