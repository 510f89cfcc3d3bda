import { readFile } from 'node:fs/promises';
import { judge } from '@rowparity/harness';
import { createShop, plantDifferences } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';

const ROWS = 20_000;
const SEED = 21;
/** As @platformatic/kafka names itself to `debug`. */
const LIBRARY = 'plt:kafka:client';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'findsPlanted', redisDatabase: 1 });
});
afterAll(() => scene?.[Symbol.asyncDispose]());

function servers() {
  return { source: sqlServer('source'), destination: sqlServer('destination') };
}

async function makeShop(seed: number): Promise<string> {
  const database = scene.pair.source.name;
  await createShop({ servers: servers(), database, rows: ROWS, seed });
  return database;
}

test('a clean copy is consistent and silent', async () => {
  await makeShop(SEED);
  const report = await scene.run(scene.spec('clean'));
  expect(report).toMatchObject({ verdict: 'consistent', complete: true, percent: 100, failuresTotal: 0 });
  expect(report.counts).toMatchObject({ rowsBase: ROWS, rowsTarget: ROWS, candidates: 0, unstable: 0 });
  expect(await scene.eventsOf('clean')).toEqual([]);
});

test.each(['SRC', 'DST'] as const)('in direction %s exactly what was planted is found', async (direction) => {
  const database = await makeShop(SEED + 1);
  const planted = await plantDifferences({ ...servers(), database, direction, seed: SEED });
  const runId = `planted-${direction}`;
  const report = await scene.run(scene.spec(runId, { direction }));
  const judgement = judge(planted, await scene.eventsOf(runId));

  expect(judgement.problems).toEqual([]);
  expect(judgement).toMatchObject({ found: planted.length, missed: 0, false: 0 });
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true, direction });
  const count = (type: string) => planted.filter((one) => one.type === type).length;
  expect(report.counts).toMatchObject({
    targetMissing: count('target_missing'),
    neq: count('neq'),
    baseMissing: count('base_missing'),
  });
});

test('a worker that sends with @platformatic/kafka tells exactly what was planted', async () => {
  const { system } = scene;
  const others = system.apps('worker');
  // The library writes what it does into the worker's log.
  const env = { ROWPARITY_KAFKA_CLIENT: 'platformatic', DEBUG: LIBRARY };
  const worker = await system.start('worker', env);
  await Promise.all(others.map((worker) => system.end(worker, 'SIGTERM')));
  const database = await makeShop(SEED + 2);
  const planted = await plantDifferences({ ...servers(), database, direction: 'SRC', seed: SEED + 2 });
  const report = await scene.run(scene.spec('platformatic'));
  const judgement = judge(planted, await scene.eventsOf('platformatic'));
  expect(judgement.problems).toEqual([]);
  expect(judgement).toMatchObject({ found: planted.length, missed: 0, false: 0 });
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true });
  expect(await readFile(worker.logFile, 'utf8')).toContain(LIBRARY);
});
