import { cancelRun, postRun, readReport } from '@rowparity/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'runOrders', redisDatabase: 3, concurrency: 1 });
  const numbers = 'SELECT seq AS id FROM numbers';
  await execute(
    scene.pair,
    'both',
    'CREATE TABLE numbers (seq INT PRIMARY KEY)',
    `INSERT INTO numbers VALUES ${Array.from({ length: 2000 }, (_, index) => `(${index})`).join()}`,
    `CREATE TABLE letters (id INT PRIMARY KEY) ${numbers}`,
  );
});
afterAll(() => scene?.[Symbol.asyncDispose]());

const post = (spec: unknown) => postRun(scene.system.coordinatorUrl, spec);

test('the same spec posted twice is one run', async () => {
  const spec = scene.spec('twice');
  const first = await scene.run(spec);
  const again = await post(spec);
  expect(again.status).toBe(202);
  expect(again.body).toMatchObject({ runId: 'twice', state: 'settled', verdict: 'consistent' });
  expect(await readReport(scene.system.reporterUrl, 'twice')).toMatchObject({ createdAt: first.createdAt });
});

test('another spec under the same id is refused', async () => {
  await scene.run(scene.spec('taken'));
  const { status, body } = await post(scene.spec('taken', { direction: 'DST' }));
  expect(status).toBe(409);
  expect(body).toMatchObject({ error: 'run_exists' });
});

test('a bad spec is refused with the path of every problem', async () => {
  const { direction: _, ...rest } = scene.spec('bad');
  const { status, body } = await post({
    ...rest,
    tables: [{ name: '' }],
    shard: { rows: 1 },
    events: { topic: 'no spaces' },
    surprise: true,
  });
  expect(status).toBe(400);
  const paths = (body.problems as { path: string }[]).map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['tables[0].name', 'shard.rows', 'events.topic']));
});

test('one connection on both sides is refused with its place, and a shorter delay is told in the answer', async () => {
  const spec = scene.spec('itself', { tables: [{ name: 'letters' }] });
  const { status, body } = await post({ ...spec, destination: spec.source });
  expect(status).toBe(400);
  expect(body.problems).toMatchObject([{ path: 'destination' }]);
  const shorter = await post({ ...spec, runId: 'shorter', recheck: { delaysMs: [200, 100] } });
  expect(shorter.status).toBe(202);
  expect(shorter.body.notes).toMatchObject([{ code: 'SHORTER_DELAY' }]);
});

test('what is not JSON is refused', async () => {
  const response = await fetch(`${scene.system.coordinatorUrl}/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect(response.status).toBe(400);
});

test('a run cancelled while a shard is worked on is settled as inconclusive, with the reason', async () => {
  // One difference that is looked at again after a minute: the run cannot end by itself before.
  await execute(scene.pair, 'destination', 'DELETE FROM letters WHERE id = 7');
  const { coordinatorUrl } = scene.system;
  const spec = scene.spec('cancelled', { tables: [{ name: 'letters' }], recheck: { delaysMs: [60_000] } });
  const cancelled: number[] = [];
  const report = await scene.run(spec, {
    onReport: async ({ shards }) => {
      if (shards.running > 0 && cancelled.length === 0) {
        cancelled.push((await cancelRun(coordinatorUrl, 'cancelled')).status);
      }
    },
  });
  expect(cancelled).toEqual([202]);
  expect(report).toMatchObject({ verdict: 'inconclusive', complete: false });
  expect(report.failures.map(({ code }) => code)).toContain('RUN_CANCELLED');
  expect(await scene.eventsOf('cancelled')).toEqual([]);
});

test('both services list runs by page and verdict', async () => {
  const { coordinatorUrl, reporterUrl } = scene.system;
  for (const url of [coordinatorUrl, reporterUrl]) {
    const list = (query: string) =>
      fetch(`${url}/v1/runs?${query}`).then(
        async (answer) =>
          (await answer.json()) as { runs: { runId: string }[]; next: string | null; error?: string },
      );
    const ids: string[] = [];
    let page = await list('verdict=consistent&limit=1');
    for (;;) {
      ids.push(...page.runs.map(({ runId }) => runId));
      if (page.next === null) break;
      page = await list(`verdict=consistent&limit=1&cursor=${page.next}`);
    }
    expect(ids.filter((id) => ['twice', 'taken'].includes(id))).toEqual(['taken', 'twice']);
    expect(await list('state=nothing')).toMatchObject({ error: 'bad_parameter' });
  }
});

test('a run that was never ordered is unknown', async () => {
  expect((await cancelRun(scene.system.coordinatorUrl, 'nobody')).status).toBe(404);
  expect((await fetch(`${scene.system.reporterUrl}/v1/runs/nobody/report`)).status).toBe(404);
});
