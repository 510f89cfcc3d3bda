import { systemClock } from '@rowparity/runtime';
import { startTcpProxy } from '@rowparity/testkit';
import { redisServer } from '@rowparity/testkit/vitest';
import { Queue } from 'bullmq';
import { expect, it } from 'vitest';
import { closeRedis, connectRedis } from './connectRedis.ts';
import { redisFault } from './redisFault.ts';
import { RedisOutage } from './redisOutage.ts';

it('an outage is a line when it begins and one when it ends, however many connections and queues fail', async () => {
  const { hostname, port } = new URL(redisServer().url);
  const link = await startTcpProxy({ host: hostname, port: Number(port) });
  const told: string[] = [];
  const log = {
    warn: (_: unknown, message: string) => void told.push(message),
    info: (message: string) => void told.push(message),
  };
  const outage = new RedisOutage(log, systemClock);
  const quiet = outage.quieted(log);
  const ledgerFault = redisFault(new Error('Connection is closed.'));
  let errors = 0;
  const connections = (['ledger', 'jobs'] as const).map((use) => {
    const { onError, onReady } = outage.connection();
    const counted = (error: Error) => {
      errors += 1;
      onError(error);
    };
    return connectRedis({ url: `redis://${link.host}:${link.port}`, use, onError: counted, onReady });
  });
  const queues = connections.map((connection) => new Queue('outage', { connection, prefix: '{outage}' }));
  for (const queue of queues) queue.on('error', (error) => outage.tell(error, 'queue'));
  await Promise.all(connections.map((redis) => redis.ping()));
  expect(told).toEqual([]);

  link.set({ kind: 'refused' });
  link.cut();
  await expect.poll(() => errors).toBeGreaterThan(6);
  quiet.warn({ err: ledgerFault }, 'the ledger does not answer');
  expect(told).toEqual([expect.stringMatching(/^Redis does not answer/)]);
  link.set({ kind: 'fair' });
  await Promise.all(connections.map((redis) => redis.ping()));
  await expect.poll(() => told).toHaveLength(2);
  expect(told[1]).toMatch(/^Redis answers again, after \d+ s \(\d+ more lines were left out\)$/);

  outage.tell(new Error('a job has no handler'), 'queue');
  quiet.warn({ err: ledgerFault }, 'the ledger does not answer');
  expect(told.slice(2)).toEqual(['queue', 'the ledger does not answer']);
  await Promise.all(queues.map((queue) => queue.close()));
  await Promise.all(connections.map(closeRedis));
  await link.close();
});
