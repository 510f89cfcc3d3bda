// The client of orchestrators against the real services.

import { text } from 'node:stream/consumers';
import { orderOverQueue, RowparityClient } from '@rowparity/client';
import { closeRedis, connectRedis, createRunQueue } from '@rowparity/redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, redisUrl, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const REDIS_DATABASE = 7;
const TOKEN = 'token-of-the-client-test';

let scene: Scene;
let client: RowparityClient;
beforeAll(async () => {
  const env = { ROWPARITY_HTTP_TOKEN: TOKEN };
  scene = await openScene({ label: 'client', redisDatabase: REDIS_DATABASE, env });
  const { coordinatorUrl: coordinator, reporterUrl: reporter } = scene.system;
  client = new RowparityClient({ coordinator, reporter, token: TOKEN });
  await execute(
    scene.pair,
    'both',
    'CREATE TABLE orders (id INT PRIMARY KEY, n INT)',
    'INSERT INTO orders VALUES (1, 1), (2, 2), (3, 3)',
    'CREATE TABLE letters (id INT PRIMARY KEY)',
  );
  await execute(scene.pair, 'destination', 'DELETE FROM orders WHERE id = 2');
});
afterAll(() => scene?.[Symbol.asyncDispose]());

const waiting = { pollMs: 100, waitMs: 120_000 };

test('a run is ordered, followed to its verdict, listed, certified and deleted', async () => {
  const spec = scene.spec('client-1');
  expect(await client.submit(spec)).toMatchObject({ runId: 'client-1', verdict: null });
  const report = await client.waitUntilSettled('client-1', waiting);
  expect(report).toMatchObject({ verdict: 'inconsistent', counts: { targetMissing: 1 } });
  expect(await client.get('client-1')).toMatchObject({
    state: 'settled',
    tables: [{ name: 'letters' }, { name: 'orders' }],
  });
  expect((await client.list()).runs.map(({ runId }) => runId)).toContain('client-1');
  expect(await client.cancel('client-1')).toMatchObject({ state: 'settled', verdict: 'inconsistent' });
  const lines = (await text(await client.certificate('client-1'))).trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ verdict: 'inconsistent' });
  await client.delete('client-1');
  await expect(client.report('client-1')).rejects.toMatchObject({ code: 'run_unknown', status: 404 });
});

test('one spec, sent 20 times at once, is one run', async () => {
  const spec = scene.spec('client-20', { tables: [{ name: 'letters' }] });
  const all = await Promise.all(Array.from({ length: 20 }, () => client.submit(spec)));
  expect(new Set(all.map(({ createdAt }) => createdAt)).size).toBe(1);
  expect((await client.waitUntilSettled('client-20', waiting)).verdict).toBe('consistent');
});

test('a dry run tells tables, shards and refusals of the real databases, and makes no run', async () => {
  await execute(scene.pair, 'source', 'CREATE TABLE only_here (id INT PRIMARY KEY)');
  const planned = await client.dryRun(scene.spec('client-dry'));
  await execute(scene.pair, 'source', 'DROP TABLE only_here');
  expect(planned).toMatchObject({ dryRun: true, existing: 'none', failure: null });
  const tables = planned.tables.map(({ name, key, shards, refusal }) => [name, key, shards, refusal?.code]);
  expect(tables.toSorted()).toEqual([
    ['letters', ['id'], 1, undefined],
    ['only_here', [], 0, 'TABLE_ONLY_ON_SOURCE'],
    ['orders', ['id'], 1, undefined],
  ]);
  await expect(client.get('client-dry')).rejects.toMatchObject({ code: 'run_unknown' });
});

test('refusals come with the code of the service, its places, and without the token', async () => {
  await client.submit(scene.spec('client-taken'));
  const other = client.submit(scene.spec('client-taken', { direction: 'DST' }));
  await expect(other).rejects.toMatchObject({ code: 'run_exists', status: 409 });
  const bad = client.submit({ ...scene.spec('client-bad'), source: 'nowhere' });
  await expect(bad).rejects.toMatchObject({ code: 'invalid_spec', problems: [{ path: 'source' }] });
  await expect(client.certificate('nobody')).rejects.toMatchObject({ code: 'run_unknown' });
  const { coordinatorUrl: coordinator } = scene.system;
  const stranger = new RowparityClient({ coordinator, token: 'another-token-of-16' });
  await expect(stranger.list()).rejects.toMatchObject({ code: 'token_needed', status: 401 });
  await client.cancel('client-taken');
});

test('known differences are paged, looked at again, and followed by a watch', async () => {
  await execute(
    scene.pair,
    'both',
    'CREATE TABLE pages (id BIGINT PRIMARY KEY)',
    'INSERT INTO pages VALUES (1), (2), (3)',
  );
  await execute(scene.pair, 'destination', 'DELETE FROM pages WHERE id < 3');
  const spec = scene.spec('client-known', { tables: [{ name: 'pages' }] });
  await client.submit(spec);
  await client.waitUntilSettled(spec.runId, waiting);
  const first = await client.known(spec.runId, { limit: '1' });
  const second = await client.known(spec.runId, { limit: '1', cursor: first.next ?? '' });
  expect([first, second].flatMap(({ known }) => known.map(({ key }) => key.id)).sort()).toEqual(['1', '2']);
  expect(second.next).toBeNull();
  await execute(scene.pair, 'destination', 'INSERT INTO pages VALUES (1)');
  await client.recheck(spec.runId, { runId: 'client-again' });
  expect(await client.waitUntilSettled('client-again', waiting)).toMatchObject({
    ...{ verdict: 'inconsistent', counts: { knownResolved: 1, knownStill: 1 } },
  });
  await expect(client.recheck('nobody', { runId: 'n' })).rejects.toMatchObject({ code: 'run_unknown' });

  const { runId: _, ...run } = spec;
  expect(await client.putWatch('client-watch', { version: 1, run })).toMatchObject({ state: 'active' });
  await expect
    .poll(async () => (await client.watch('client-watch')).run?.verdict, { timeout: 30_000 })
    .toBe('inconsistent');
  const other = client.putWatch('client-watch', { version: 1, intervalMs: 5000, run });
  await expect(other).rejects.toMatchObject({ code: 'watch_exists' });
  expect(await client.stopWatch('client-watch')).toMatchObject({ state: 'stopped', generation: 1 });
  expect((await client.watches()).map(({ watchId }) => watchId)).toEqual(['client-watch']);
  await expect(client.stopWatch('nobody')).rejects.toMatchObject({ code: 'watch_unknown' });
});

test('an order over the queue ends with the settled run, and another spec of its id is refused', async () => {
  const redis = connectRedis({ url: redisUrl(REDIS_DATABASE), use: 'jobs', onError: () => undefined });
  const queue = createRunQueue(redis, { onError: () => undefined });
  try {
    const spec = scene.spec('queue-1', { tables: [{ name: 'letters' }] });
    expect(await orderOverQueue(queue, spec, { pollMs: 100 })).toMatchObject({
      ...{ runId: 'queue-1', state: 'settled', verdict: 'consistent' },
    });
    const other = orderOverQueue(queue, { ...spec, direction: 'DST' }, { pollMs: 100 });
    await expect(other).rejects.toMatchObject({ code: 'order_refused', message: /another spec/ });
  } finally {
    await queue.close();
    await closeRedis(redis);
  }
});

test('a wait sits out a reporter that is killed and started again', async () => {
  await execute(scene.pair, 'both', 'CREATE TABLE slow (id INT PRIMARY KEY)', 'INSERT INTO slow VALUES (1)');
  await execute(scene.pair, 'destination', 'DELETE FROM slow');
  // Looked at again after a while: the run does not end before the reporter is gone.
  const spec = scene.spec('client-outage', {
    tables: [{ name: 'slow' }],
    recheck: { delaysMs: [3000, 3000] },
  });
  await client.submit(spec);
  const [reporter] = scene.system.apps('reporter');
  if (!reporter) throw new Error('no reporter');
  const port = new URL(reporter.url).port;
  const outages: string[] = [];
  const patient = new RowparityClient({
    ...{ coordinator: scene.system.coordinatorUrl, reporter: reporter.url, token: TOKEN },
    onTransient: ({ code }) => void outages.push(code),
  });
  const settled = patient.waitUntilSettled('client-outage', waiting);
  await scene.system.end(reporter, 'SIGKILL');
  await expect.poll(() => outages.length).toBeGreaterThan(0);
  await scene.system.start('reporter', { ROWPARITY_HTTP_PORT: port });
  expect(await settled).toMatchObject({ verdict: 'inconsistent', counts: { targetMissing: 1 } });
});
