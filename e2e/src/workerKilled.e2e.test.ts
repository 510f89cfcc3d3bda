import { judge, killMidway } from '@rowparity/harness';
import { createShop, plantDifferences } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';

const ROWS = 40_000;
/** More shards than two workers do between two looks at the progress. */
const SHARD_ROWS = 300;
const POLL_MS = 30;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'workerKilled', redisDatabase: 2, concurrency: 1 });
});
afterAll(() => scene?.[Symbol.asyncDispose]());

test('a worker killed in the middle of a run changes nothing of what is found and counted', async () => {
  const database = scene.pair.source.name;
  const servers = { source: sqlServer('source'), destination: sqlServer('destination') };
  await createShop({ servers, database, rows: ROWS, seed: 31 });
  const planted = await plantDifferences({ ...servers, database, direction: 'SRC', seed: 31 });

  const kill = killMidway(scene.system);
  const spec = scene.spec('killed', { shard: { rows: SHARD_ROWS } });
  const report = await scene.run(spec, { onReport: kill.onReport, pollMs: POLL_MS });
  const judgement = judge(planted, await scene.eventsOf('killed'));

  expect(kill.percent()).toBeGreaterThan(0);
  expect(judgement.problems).toEqual([]);
  expect(judgement).toMatchObject({ found: planted.length, missed: 0, false: 0 });
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true });
  const { targetMissing, neq, baseMissing, rowsBase, rowsTarget } = report.counts;
  expect(targetMissing + neq + baseMissing).toBe(planted.length);
  expect(rowsBase - targetMissing).toBe(rowsTarget - baseMissing);
});
