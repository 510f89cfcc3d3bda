// Pause, resume and cancel, seen from the servers and from Redis: what is left of us there.

import { setTimeout as sleep } from 'node:timers/promises';
import { controlRun, readReport, submitRun, untilSettled } from '@rowparity/harness';
import { connect, otherSessions, type SideName } from '@rowparity/testkit';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openScene, redisUrl, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const REDIS_DATABASE = 11;
const SHARD_ROWS = 500;
const DOUBLINGS = 5;
const ROWS = SHARD_ROWS * 2 ** DOUBLINGS;
/** It makes a statement work for long enough to be met. */
const WHERE = 'LENGTH(SHA2(REPEAT(text, 100), 256)) = 64';
const WAIT = { timeout: 60_000, interval: 20 };
const SIDES: readonly SideName[] = ['source', 'destination'];

let scene: Scene;
let redis: Redis;
let admins: Awaited<ReturnType<typeof connect>>[];

beforeAll(async () => {
  redis = new Redis(redisUrl(REDIS_DATABASE));
  scene = await openScene({
    ...{ label: 'control', redisDatabase: REDIS_DATABASE, workers: 2, concurrency: 2 },
    env: { ROWPARITY_ALLOW_PREDICATES: 'true' },
  });
  const first = Array.from({ length: SHARD_ROWS }, (_, id) => `(${id}, REPEAT('x', 1000))`).join(', ');
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE big (id INT PRIMARY KEY, text VARCHAR(1000) NOT NULL)',
    `INSERT INTO big VALUES ${first}`,
    ...Array.from(
      { length: DOUBLINGS },
      (_, i) => `INSERT INTO big SELECT id + ${SHARD_ROWS * 2 ** i}, text FROM big`,
    ),
    'CREATE TABLE late (id INT PRIMARY KEY)',
    'INSERT INTO late VALUES (1), (2), (3)',
  );
  admins = await Promise.all(SIDES.map((side) => connect(scene.pair[side].server, scene.pair[side].name)));
});

afterAll(async () => {
  await Promise.all((admins ?? []).map((admin) => admin.end()));
  redis?.disconnect();
  await scene?.[Symbol.asyncDispose]();
});

/** Connections of ours on both servers, sleeping ones too. */
async function connections(): Promise<number> {
  const { name } = scene.pair.source;
  const lists = await Promise.all(admins.map((admin) => otherSessions(admin)));
  return lists.flat().filter(({ database }) => database === name).length;
}

async function backlog(): Promise<unknown> {
  const answer = await fetch(`${scene.system.coordinatorUrl}/v1/backlog`);
  return ((await answer.json()) as { backlog: unknown }).backlog;
}

const jobs = (runId: string) => redis.keys(`{rowparity}:shards:${runId}~*`);

/** Nothing of the run is on a server or on the queue. */
async function expectAtRest(runId: string): Promise<void> {
  expect(await jobs(runId)).toEqual([]);
  expect(await connections()).toBe(0);
  expect(await backlog()).toBe(0);
}

const big = (runId: string) =>
  scene.spec(runId, { tables: [{ name: 'big', where: WHERE }], shard: { rows: SHARD_ROWS } });
const report = (runId: string) => readReport(scene.system.reporterUrl, runId);
const control = (runId: string, call: 'pause' | 'resume' | 'cancel') =>
  controlRun(scene.system.coordinatorUrl, runId, call);
const settled = (runId: string) =>
  untilSettled({ reporterUrl: scene.system.reporterUrl, runId, signal: scene.system.broken });

const untilWorking = (runId: string) =>
  scene.until(runId, ({ shards }) => shards.running > 0 && shards.match > 0);

test('a paused run holds no connection and no job, through kills, and goes on where it was', async () => {
  const runId = 'paused';
  await submitRun(scene.system.coordinatorUrl, big(runId));
  await untilWorking(runId);
  expect(await control(runId, 'pause')).toMatchObject({ status: 202, body: { paused: true } });
  await vi.waitFor(() => expectAtRest(runId), WAIT);
  const before = await report(runId);
  expect(before).toMatchObject({ state: 'running', paused: true, shards: { running: 0 } });
  expect(before.shards.match).toBeLessThan(before.shards.total);

  for (const app of ['worker', 'coordinator'] as const) {
    const [victim] = scene.system.apps(app);
    if (!victim) throw new Error(`expected a ${app}, found none`);
    await scene.system.start(app);
    await scene.system.end(victim, 'SIGKILL');
  }
  await scene.system.leader();
  for (let look = 0; look < 50; look += 1) {
    await expectAtRest(runId);
    await sleep(20);
  }
  expect((await report(runId)).counts).toEqual(before.counts);

  expect(await control(runId, 'resume')).toMatchObject({ status: 202, body: { paused: false } });
  await untilWorking(runId);
  const [victim] = scene.system.apps('worker');
  if (victim) await scene.system.end(victim, 'SIGKILL');
  await scene.system.start('worker');
  expect(await settled(runId)).toMatchObject({
    ...{ verdict: 'consistent', complete: true, paused: false },
    counts: { rowsBase: ROWS, rowsTarget: ROWS },
  });
  expect(await control(runId, 'pause')).toMatchObject({ status: 409, body: { error: 'run_settled' } });
});

test('workers that are killed while they are to let go leave nothing behind: the run rests and goes on', async () => {
  const runId = 'killed';
  await submitRun(scene.system.coordinatorUrl, big(runId));
  await untilWorking(runId);
  await control(runId, 'pause');
  const victims = scene.system.apps('worker');
  await Promise.all(victims.map((victim) => scene.system.end(victim, 'SIGKILL')));
  await Promise.all(victims.map(() => scene.system.start('worker')));
  await vi.waitFor(() => expectAtRest(runId), WAIT);
  await control(runId, 'resume');
  expect(await settled(runId)).toMatchObject({ verdict: 'consistent', counts: { rowsBase: ROWS } });
});

test('a run that is paused before its plan is made waits with it', async () => {
  const runId = 'unplanned';
  await submitRun(scene.system.coordinatorUrl, big(runId));
  await control(runId, 'pause');
  await vi.waitFor(() => expectAtRest(runId), WAIT);
  await control(runId, 'resume');
  expect(await settled(runId)).toMatchObject({ verdict: 'consistent', counts: { rowsBase: ROWS } });
});

test('a shard that only waits for a difference lets go of a paused run and of a cancelled one', async () => {
  await execute(scene.pair, 'destination', 'DELETE FROM late WHERE id = 2');
  const runId = 'waiting';
  const spec = scene.spec(runId, { tables: [{ name: 'late' }], recheck: { delaysMs: [60_000] } });
  await submitRun(scene.system.coordinatorUrl, spec);
  // Its job is delayed: the shard gave its slot back.
  const untilWaiting = () =>
    vi.waitFor(
      async () => expect(await redis.zscore('{rowparity}:shards:delayed', `${runId}~0`)).not.toBeNull(),
      WAIT,
    );
  await untilWaiting();
  await control(runId, 'pause');
  await vi.waitFor(() => expectAtRest(runId), WAIT);
  await vi.waitFor(
    async () => expect(await report(runId)).toMatchObject({ paused: true, shards: { running: 0 } }),
    WAIT,
  );
  await control(runId, 'resume');
  await untilWaiting();
  await control(runId, 'cancel');
  await vi.waitFor(() => expectAtRest(runId), WAIT);
  expect(await report(runId)).toMatchObject({ state: 'settled', verdict: 'inconclusive', paused: false });
  expect(await scene.eventsOf(runId)).toEqual([]);
});
