// Starts a Redis of its own: the shared one must not be killed under other tests.

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askRedis } from './answers.ts';
import { breakable, type Servers } from './server.ts';
import { startServers } from './startServers.ts';

const START_TIMEOUT_MS = 300_000;

let servers: Servers<'redis'>;

beforeAll(async () => {
  servers = await startServers({ want: ['redis'], say: () => undefined, env: withoutGiven(process.env) });
}, START_TIMEOUT_MS);
afterAll(() => servers.stop());

test('a killed server is gone, and comes back on its port with its data', async () => {
  const server = breakable(servers.redis);
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  await redis.set('kept', 'yes');
  // The append-only file is written once a second.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await server.kill();
  await expect(askRedis(server.url)).rejects.toThrow();
  await server.start();
  expect(await redis.get('kept')).toBe('yes');
  redis.disconnect();
});

test('a paused server answers nothing until it is resumed', async () => {
  const server = breakable(servers.redis);
  const redis = new Redis(server.url);
  await redis.ping();
  await server.pause();
  const answer = redis.ping();
  const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 300, 'silence'))]);
  expect(first).toBe('silence');
  await server.resume();
  expect(await answer).toBe('PONG');
  redis.disconnect();
});

function withoutGiven(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, ROWPARITY_TEST_REDIS_URL: undefined };
}
