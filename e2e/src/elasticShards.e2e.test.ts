import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppProcess } from '@rowparity/harness';
import { judge, LEFTOVERS, rowparity, submitRun, untilSettled } from '@rowparity/harness';
import type { PlantedDifference } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const RUN = 'grown';
const FILE = join(LEFTOVERS, `${RUN}.ndjson`);
const TABLES = ['numbers', 'words'] as const;
/** Of each table by the time it is compared; when it was planned it had one. */
const ROWS = 20_000;
const SHARD_ROWS = 500;
const WORKERS = 2;
const RUN_MS_MAX = 120_000;

/** In `numbers`: ids are three times the values, so there are gaps. */
const CHANGED = [3000, 30_000, 57_000];
const LOST = [6, 30_003, 59_997];
const ADDED = ['-5', '9000000000000000000'];
/** In `words`, whose ids are text: cut by real keys, in the order of their collation. */
const LOST_WORDS = ['word 7', 'word 70007', 'word 139993'];

const PLANTED: readonly PlantedDifference[] = [
  ...CHANGED.map((id) => planted('numbers', 'neq', id)),
  ...LOST.map((id) => planted('numbers', 'target_missing', id)),
  ...ADDED.map((id) => planted('numbers', 'base_missing', id)),
  ...LOST_WORDS.map((id) => planted('words', 'target_missing', id)),
];

function planted(
  table: (typeof TABLES)[number],
  type: PlantedDifference['type'],
  id: number | string,
): PlantedDifference {
  return { table, type, key: { id: String(id) }, ...(type === 'neq' ? { columns: ['v'] } : {}) };
}

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'elasticShards', redisDatabase: 10, workers: 0, concurrency: 1 });
  await execute(
    scene.pair,
    'both',
    'CREATE TABLE numbers (id BIGINT PRIMARY KEY, v INT)',
    'CREATE TABLE words (id VARCHAR(20) PRIMARY KEY, v INT)',
    'INSERT INTO numbers VALUES (0, 0)',
    "INSERT INTO words VALUES ('word 0', 0)",
  );
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await rm(FILE, { force: true });
});

/** Equal rows on both sides, and then what is planted. */
async function grow(): Promise<void> {
  const values = Array.from({ length: ROWS - 1 }, (_, i) => i + 1);
  await execute(
    scene.pair,
    'both',
    `INSERT INTO numbers VALUES ${values.map((v) => `(${3 * v}, ${v})`).join()}`,
    `INSERT INTO words VALUES ${values.map((v) => `('word ${7 * v}', ${v})`).join()}`,
  );
  await execute(
    scene.pair,
    'destination',
    `UPDATE numbers SET v = -1 WHERE id IN (${CHANGED.join()})`,
    `DELETE FROM numbers WHERE id IN (${LOST.join()})`,
    `INSERT INTO numbers VALUES ${ADDED.map((id) => `(${id}, 0)`).join()}`,
    `DELETE FROM words WHERE id IN (${LOST_WORDS.map((id) => `'${id}'`).join()})`,
  );
}

/** How many shards this worker brought to an end. */
async function shardsOf(worker: AppProcess): Promise<number> {
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  const counts = metrics.matchAll(/^rowparity_shards_total\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Every step that can make a run slow has its time, in the process that takes it; and the logs are JSON alone. */
async function expectMeasured(workers: readonly AppProcess[]): Promise<void> {
  const textOf = async ({ url }: Pick<AppProcess, 'url'>) => (await fetch(`${url}/metrics`)).text();
  const texts = (await Promise.all(workers.map(textOf))).join('\n');
  const TIMED = [
    ...['source', 'destination'].flatMap((connection) => [
      `statement_seconds_count\\{[^}]*connection="${connection}",kind="page"`,
      `statement_seconds_count\\{[^}]*connection="${connection}",kind="points"`,
    ]),
    'ledger_write_seconds_count\\{[^}]*write="finish"',
    'ledger_write_seconds_count\\{[^}]*write="split"',
    'events_publish_seconds_count\\{',
    'events_acknowledge_seconds_count\\{',
  ];
  for (const series of TIMED) {
    expect(texts).toMatch(new RegExp(`^rowparity_${series}[^}]*\\} [1-9]`, 'm'));
  }
  expect(texts).toMatch(/^rowparity_connections\{[^}]*state="used"[^}]*\} \d/m);
  expect(texts).toMatch(/^rowparity_events_unacknowledged_seconds\{[^}]*\} 0$/m);
  const coordinator = await textOf({ url: scene.system.coordinatorUrl });
  expect(coordinator).toMatch(
    /^rowparity_statement_seconds_count\{[^}]*connection="source",kind="plan"[^}]*\} [1-9]/m,
  );
  expect(coordinator).toMatch(/^rowparity_queue_jobs\{state="waiting"[^}]*\} \d/m);
  for (const name of await readdir(scene.system.logFolder)) {
    const lines = (await readFile(join(scene.system.logFolder, name), 'utf8')).trim().split('\n');
    for (const line of lines) expect(() => JSON.parse(line), `${name}: ${line}`).not.toThrow();
  }
}

test('shards that outgrew their plan are split among the workers, and nothing is lost or counted twice', async () => {
  const { system, topic } = scene;
  const spec = scene.spec(RUN, { shard: { rows: SHARD_ROWS, pageRows: SHARD_ROWS }, events: { topic } });
  await submitRun(system.coordinatorUrl, spec);
  const before = await scene.until(RUN, ({ state }) => state === 'running');
  expect(before.shards).toMatchObject({ total: TABLES.length, planned: TABLES.length });

  await grow();
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => system.start('worker')));
  const signal = AbortSignal.any([system.broken, AbortSignal.timeout(RUN_MS_MAX)]);
  const report = await untilSettled({ reporterUrl: system.reporterUrl, runId: RUN, signal });

  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true, percent: 100, failuresTotal: 0 });
  for (const table of report.tables) expect(table.shards.total).toBeGreaterThan(ROWS / SHARD_ROWS / 5);
  expect(report.counts).toMatchObject({
    rowsBase: TABLES.length * ROWS,
    rowsTarget: TABLES.length * ROWS - LOST.length - LOST_WORDS.length + ADDED.length,
    neq: CHANGED.length,
    targetMissing: LOST.length + LOST_WORDS.length,
    baseMissing: ADDED.length,
    unstable: 0,
  });
  const judgement = judge(PLANTED, await scene.eventsOf(RUN));
  expect(judgement.problems).toEqual([]);
  expect(judgement).toMatchObject({ found: PLANTED.length, missed: 0, false: 0, repeats: 0 });
  for (const worker of workers) expect(await shardsOf(worker)).toBeGreaterThan(0);
  await expectMeasured(workers);

  expect(
    await rowparity('certificate', RUN, '--reporter', system.reporterUrl, '--output', FILE),
  ).toMatchObject({ code: 0 });
  const { code, output } = await rowparity('certificate', 'verify', FILE);
  expect(output).toContain(`VALID  run ${RUN}  SRC  inconsistent`);
  expect(output).toContain(
    `${TABLES.length} table pairs in ${report.shards.total} shards without gap or overlap`,
  );
  expect(code).toBe(0);
});
