import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cancelRun, LEFTOVERS, postRun, readReport, rowparity, untilSettled } from '@rowparity/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const RUN = 'certified';
const OPEN = 'open';
/** The longest delay that a spec may ask for. */
const OPEN_MS = 60_000;
const FILE = join(LEFTOVERS, `${RUN}.ndjson`);
const ROWS = 5000;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'certificate', redisDatabase: 9 });
  await execute(
    scene.pair,
    'both',
    'CREATE TABLE numbers (id INT PRIMARY KEY, v INT)',
    `INSERT INTO numbers VALUES ${Array.from({ length: ROWS }, (_, i) => `(${i}, ${i})`).join()}`,
  );
  await execute(scene.pair, 'destination', 'DELETE FROM numbers WHERE id = 777');
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await rm(FILE, { force: true });
});

test('the certificate of a run of the fleet comes from the reporter and holds offline', async () => {
  const { reporterUrl, coordinatorUrl } = scene.system;
  const fetched = (runId: string, file = FILE) =>
    rowparity('certificate', runId, '--reporter', reporterUrl, '--output', file);
  expect(await fetched(RUN)).toMatchObject({ code: 2, output: expect.stringContaining('There is no run') });
  // A run that differs does not settle before its recheck, however slow the machine is.
  await postRun(coordinatorUrl, scene.spec(OPEN, { recheck: { delaysMs: [OPEN_MS] } }));
  expect(await fetched(OPEN)).toMatchObject({ code: 2, output: expect.stringContaining('of a settled run') });
  await cancelRun(coordinatorUrl, OPEN);
  await postRun(coordinatorUrl, scene.spec(RUN, { recheck: { delaysMs: [100] } }));
  await untilSettled({ reporterUrl, runId: RUN });
  expect(await fetched(RUN)).toEqual({ code: 0, output: '' });
  const content = await readFile(FILE, 'utf8');
  expect(await fetched(RUN, '-')).toEqual({ code: 0, output: content });
  const { shards, verdict } = await readReport(reporterUrl, RUN);
  const { code, output } = await rowparity('certificate', 'verify', FILE);
  expect(output).toContain(`VALID  run ${RUN}  SRC  ${verdict}`);
  expect(output).toContain(
    `1 table pair in ${shards.total} shards without gap or overlap, 9,999 rows read, 1 inconsistency;`,
  );
  expect(code).toBe(0);
});
