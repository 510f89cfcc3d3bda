import { systemClock } from '@rowparity/runtime';
import { startTcpProxy } from '@rowparity/testkit';
import { redisServer } from '@rowparity/testkit/vitest';
import type { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { createRedisLedger } from '../ledger/createRedisLedger.ts';
import { checkRedis } from './checkRedis.ts';
import { closeRedis, connectRedis, type RedisUse } from './connectRedis.ts';

/** Nothing listens there. */
const NOWHERE = 'redis://:secret-word@127.0.0.1:1';

const opened: ReturnType<typeof connectRedis>[] = [];
const open = (use: RedisUse, url: string = redisServer().url) => {
  const redis = connectRedis({ url, use, onError: () => {} });
  opened.push(redis);
  return redis;
};

afterEach(async () => {
  await Promise.all(opened.splice(0).map(closeRedis));
});

it('a Redis that answers has a version', async () => {
  const { version, warnings } = await checkRedis(open('ledger'));
  expect(version).toMatch(/^\d+\.\d+/);
  expect(Array.isArray(warnings)).toBe(true);
});

it.each(['jobs', 'ledger', 'http'] as const)(
  'a Redis that does not answer names the variable, not the password: %s',
  async (use) => {
    const check = checkRedis(open(use, NOWHERE), { withinMs: 300 });
    const fault = await check.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).toMatchObject({ class: 'transient', code: 'SERVER_UNREACHABLE' });
    expect(String(fault)).toContain('ROWPARITY_REDIS_URL');
    expect(String(fault)).toContain('127.0.0.1:1');
    expect(String(fault)).not.toContain('secret-word');
  },
);

it('a wrong password is a matter of configuration', async () => {
  const { host } = new URL(redisServer().url);
  const check = checkRedis(open('http', `redis://nobody:secret-word@${host}`), { withinMs: 2000 });
  const fault = await check.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toMatchObject({ class: 'configuration' });
  expect(String(fault)).not.toContain('secret-word');
});

it('without Redis a ledger for HTTP fails soon, with a transient fault', async () => {
  const ledger = createRedisLedger(open('http', NOWHERE), { clock: systemClock });
  await expect(ledger.ping()).rejects.toMatchObject({ class: 'transient', code: 'CONNECTION_LOST' });
  await expect(ledger.getRun('run-1')).rejects.toMatchObject({ class: 'transient' });
});

it('a connection that died silently is given up and made again', { timeout: 20_000 }, async () => {
  const { hostname, port } = new URL(redisServer().url);
  const link = await startTcpProxy({ host: hostname, port: Number(port) });
  const redis = open('http', `redis://${link.host}:${link.port}`);
  expect(await redis.ping()).toBe('PONG');
  link.set({ kind: 'silent' });
  await expect(redis.ping()).rejects.toThrow();
  link.set({ kind: 'fair' });
  await expect.poll(() => redis.ping().catch(() => undefined), { timeout: 10_000 }).toBe('PONG');
  redis.disconnect();
  await link.close();
});

it.each([
  ['a connection', (redis: Redis) => redis],
  ['a duplicate, as BullMQ makes one,', (redis: Redis) => redis.duplicate()],
])('%s that was cut leaves its successor in peace', async (_, make) => {
  const { hostname, port } = new URL(redisServer().url);
  const link = await startTcpProxy({ host: hostname, port: Number(port) });
  const redis = make(open('http', `redis://${link.host}:${link.port}`));
  redis.on('error', () => {});
  await redis.ping();
  link.set({ kind: 'latency', ms: 200 });
  const asked = redis.ping();
  link.cut();
  link.set({ kind: 'fair' });
  await asked.catch(() => undefined);
  await redis.ping();
  let closed = 0;
  redis.on('close', () => closed++);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(closed).toBe(0);
  redis.disconnect();
  await link.close();
});

it('a prefix that is no hash tag is refused', () => {
  expect(() => createRedisLedger(open('http'), { clock: systemClock, prefix: 'rowparity' })).toThrow(
    /hash tag/,
  );
});
