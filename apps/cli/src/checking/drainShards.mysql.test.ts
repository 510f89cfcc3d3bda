import {
  encodeEvent,
  type InconsistentEvent,
  type PlannedShard,
  type RunHeader,
  type RunPlan,
  type RunSpec,
  runSpec,
} from '@rowparity/contracts';
import {
  ConvergenceTimes,
  type Ledger,
  planReader,
  planRun,
  Quarantine,
  readWholeRun,
  reportOf,
  verdictOf,
  WaitingShards,
  type WholeRun,
} from '@rowparity/core';
import { connectionUrl } from '@rowparity/mysql';
import { systemClock } from '@rowparity/runtime';
import { openSqliteLedger } from '@rowparity/sqlite';
import { connect } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Databases, openDatabases } from './databases.ts';
import { drainShards } from './drainShards.ts';

/** A plan from stale statistics: one shard for each table, with any number of rows. */

const ROWS = 40_000;
const INSERT_SLICE = 10_000;
const SHARD_ROWS = 500;
const CONCURRENCY = 4;
const never = new AbortController().signal;

let pair: Awaited<ReturnType<typeof freshDatabases>>;
let databases: Databases;

beforeAll(async () => {
  pair = await freshDatabases();
  await Promise.all([fill(pair.source), fill(pair.destination)]);
  await execute(
    pair.destination,
    'UPDATE numbers SET v = -1 WHERE id % 3000 = 0',
    'DELETE FROM numbers WHERE id IN (3, 60000, 119997)',
    'INSERT INTO numbers VALUES (-5, 0), (9000000000000000000, 0)',
    "UPDATE words SET v = -1 WHERE id LIKE '%77'",
    'DELETE FROM pairs WHERE b % 1000 = 7',
  );
  const { source, destination } = pair;
  const targets = {
    source: connectionUrl.parse(source.url),
    destination: connectionUrl.parse(destination.url),
  };
  databases = openDatabases(targets, { concurrency: CONCURRENCY });
});

afterAll(async () => {
  await databases.close();
  await Promise.all([pair.source.drop(), pair.destination.drop()]);
});

async function fill(database: FreshDatabase): Promise<void> {
  const connection = await connect(database.server, database.name);
  await connection.query('CREATE TABLE numbers (id BIGINT PRIMARY KEY, v INT)');
  await connection.query('CREATE TABLE words (id VARCHAR(20) PRIMARY KEY, v INT)');
  await connection.query('CREATE TABLE pairs (a INT, b INT, PRIMARY KEY (a, b))');
  for (let from = 0; from < ROWS; from += INSERT_SLICE) {
    const ids = Array.from({ length: INSERT_SLICE }, (_, i) => from + i);
    await connection.query('INSERT INTO numbers VALUES ?', [ids.map((id) => [id * 3, id])]);
    await connection.query('INSERT INTO words VALUES ?', [ids.map((id) => [`Word ${id * 7}`, id])]);
    await connection.query('INSERT INTO pairs VALUES ?', [ids.map((id) => [id % 2, id])]);
  }
  await connection.end();
}

async function execute({ server, name }: FreshDatabase, ...statements: readonly string[]): Promise<void> {
  const connection = await connect(server, name);
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

/** The run's plan with one shard a table, in place of the planner's. */
async function planWhole(ledger: Ledger, run: RunHeader): Promise<void> {
  const aside = openSqliteLedger({ path: ':memory:' });
  await aside.createRun((await ledger.getSpec(run.runId)) as RunSpec, 1);
  const planningAside = await aside.beginPlanning(run.runId);
  await planRun(
    { run, planning: planningAside },
    { ledger: aside, clock: systemClock, catalog: databases.catalog },
    never,
  );
  const plan = (await aside.getPlan(run.runId, planningAside.name)) as RunPlan;
  const tables = plan.tables.map((table) => ({ ...table, shards: 1 }));
  const whole = { after: null, upTo: null };
  const shards: PlannedShard[] = tables.map((_, table) => ({ shard: table, table, range: whole }));
  const planning = await ledger.beginPlanning(run.runId);
  await ledger.addShards(planning, shards);
  await ledger.completePlan(planning, { tables, now: 2 });
  await aside.close();
}

async function validate(shardRows: number) {
  const ledger = openSqliteLedger({ path: ':memory:' });
  const spec = runSpec.parse({
    version: 1,
    runId: 'grown',
    source: databases.refs.source,
    destination: databases.refs.destination,
    direction: 'SRC',
    tables: [{ pattern: '*' }],
    shard: { rows: shardRows, pageRows: 500 },
    recheck: { delaysMs: [50, 50] },
  });
  await ledger.createRun(spec, 1);
  await planWhole(ledger, (await ledger.getRun('grown')) as RunHeader);
  const run = (await readWholeRun('grown', ledger)) as WholeRun;
  const events: InconsistentEvent[] = [];
  const deps = {
    ledger,
    readPlan: planReader(ledger),
    openReaders: databases.openReaders,
    openSink: () => ({
      publish: async (placed: readonly { readonly event: InconsistentEvent }[]) =>
        void events.push(...placed.map(({ event }) => event)),
      flush: async () => {},
      close: async () => {},
    }),
    clock: systemClock,
    holder: 'test',
    quarantine: new Quarantine(),
    convergence: new ConvergenceTimes(),
    waiting: new WaitingShards(),
  };
  await drainShards({ run, deps, concurrency: CONCURRENCY, signal: never });
  const shards = await ledger.listShards('grown', 0, 10_000);
  const verdict = verdictOf(run, await ledger.totals('grown'));
  const report = await reportOf('grown', { ledger }, 3);
  await ledger.close();
  const texts = events.map((event) => encodeEvent({ ...event, DetectedAt: '' }, 'full')).sort();
  return { shards, verdict, events: texts, report };
}

test('tables that were planned as one shard end as many, with the same verdict, counts and events', async () => {
  const whole = await validate(10 * ROWS);
  const split = await validate(SHARD_ROWS);
  expect(whole.shards).toHaveLength(3);
  expect(split.report).toMatchObject({
    complete: true,
    percent: 100,
    shards: { total: split.shards.length },
  });
  for (const table of [0, 1, 2]) {
    const rows = split.shards.filter((shard) => shard.table === table).map(({ counts }) => counts.rowsBase);
    expect(rows.length).toBeGreaterThan(ROWS / SHARD_ROWS / 5);
    expect(rows.length).toBeLessThan((2 * ROWS) / SHARD_ROWS);
    // Read on until it was noticed, in pages; the rest became other shards.
    expect(Math.max(...rows)).toBeLessThanOrEqual(6 * SHARD_ROWS);
  }
  expect(split.verdict).toBe('inconsistent');
  expect(split.verdict).toBe(whole.verdict);
  expect(split.events).toEqual(whole.events);
  // Each shard plants differences of its own.
  const countsOf = (report: typeof whole.report) =>
    report?.tables.map(({ counts }) => ({ ...counts, planted: 0, caught: 0 }));
  expect(countsOf(split.report)).toEqual(countsOf(whole.report));
  expect(split.report?.counts.planted).toBeGreaterThan(3 * split.shards.length - 10);
  expect(split.report?.counts.caught).toBe(split.report?.counts.planted);
});
