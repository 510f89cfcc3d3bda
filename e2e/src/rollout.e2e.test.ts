// What Kubernetes does to a fleet in the middle of a run: workers scaled 1, 8, 0, 2 and replaced one by one,
// coordinators replaced while another stands by, the reporter restarted. Nothing lost, nothing counted twice.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '@rowparity/contracts';
import type { AppName } from '@rowparity/harness';
import { readReport, submitRun } from '@rowparity/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const ROWS = 3000;
const DIFFERING = 300;
const SHARD_ROWS = 30;
/** Every shard has candidates, and waits for them without a slot. */
const RECHECK_MS = 1000;
/** Each row costs the servers some milliseconds, so the run lasts as long as there is something to do to it. */
const WHERE = 'LENGTH(SHA2(REPEAT(v + 1000, 1000000), 256)) = 64';
const RUN = 'rollout';
const WAIT_MS_MAX = 120_000;

let scene: Scene;
const seen: RunReport[] = [];

beforeAll(async () => {
  scene = await openScene({
    ...{ label: 'rollout', redisDatabase: 14, concurrency: 1 },
    env: { ROWPARITY_ALLOW_PREDICATES: 'true' },
  });
  const values = Array.from({ length: ROWS }, (_, i) => `(${i}, ${i})`).join();
  await execute(
    scene.pair,
    'both',
    'CREATE TABLE t (id INT PRIMARY KEY, v INT)',
    `INSERT INTO t VALUES ${values}`,
    'ANALYZE TABLE t',
  );
  await execute(scene.pair, 'destination', `UPDATE t SET v = v + 1 WHERE id % ${ROWS / DIFFERING} = 0`);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

async function look(): Promise<RunReport> {
  const report = await readReport(scene.system.reporterUrl, RUN);
  seen.push(report);
  return report;
}

async function until(percent: number): Promise<void> {
  const begin = performance.now();
  while ((await look()).percent < percent) {
    scene.system.broken.throwIfAborted();
    if (performance.now() - begin > WAIT_MS_MAX) throw new Error(`${percent} % are not reached`);
    await sleep(50);
  }
}

async function scaleTo(count: number): Promise<void> {
  const { system } = scene;
  const workers = system.apps('worker');
  await Promise.all(workers.slice(count).map((worker) => system.end(worker, 'SIGTERM')));
  await Promise.all(Array.from({ length: count - workers.length }, () => system.start('worker')));
  expect(system.apps('worker')).toHaveLength(count);
}

/** The new one serves before the old one is asked to go, as in a rolling update. */
async function replace(app: AppName): Promise<void> {
  const [old] = scene.system.apps(app);
  await scene.system.start(app);
  if (old) await scene.system.end(old, 'SIGTERM');
}

test('rolling restarts and scaling 1, 8, 0, 2 in the middle of a run change nothing', async () => {
  const { system } = scene;
  await scaleTo(1);
  const tables = [{ name: 't', where: WHERE }];
  const spec = scene.spec(RUN, { tables, shard: { rows: SHARD_ROWS }, recheck: { delaysMs: [RECHECK_MS] } });
  await submitRun(system.coordinatorUrl, spec);
  await until(3);
  await scaleTo(8);
  await until(30);
  await scaleTo(0);
  const halted = await look();
  await sleep(2 * RECHECK_MS);
  expect((await look()).percent).toBe(halted.percent);
  expect(halted.state).toBe('running');

  await system.start('coordinator');
  await scaleTo(2);
  await replace('coordinator');
  await replace('reporter');
  await until(halted.percent + 5);
  await replace('worker');
  await replace('coordinator');
  await replace('worker');
  await scaleTo(8);
  await until(100);
  while ((await look()).state !== 'settled') await sleep(50);

  const last = seen.at(-1);
  expect(last).toMatchObject({ verdict: 'inconsistent', complete: true });
  expect(last?.counts).toMatchObject({
    rowsBase: ROWS,
    rowsTarget: ROWS,
    neq: DIFFERING,
    candidates: DIFFERING,
  });
  expect(seen.map(({ verdict }) => verdict)).not.toContain('consistent');
  const events = await scene.eventsOf(RUN);
  const ids = new Set(events.map(({ text }) => (JSON.parse(text) as { ID: number }).ID));
  expect(ids.size).toBe(DIFFERING);
  expect(new Set(events.map(({ headers }) => headers['rowparity-event-id'])).size).toBe(DIFFERING);
});
