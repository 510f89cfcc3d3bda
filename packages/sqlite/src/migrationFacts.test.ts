import { migrationDefinition } from '@rowparity/contracts';
import { type Ledger, type MigrationStore, migrationFacts, migrationRunSpec } from '@rowparity/core';
import { memoryMigrations } from '@rowparity/core/testing/memoryMigrations';
import { beforeEach, expect, it } from 'vitest';
import { openSqliteLedger } from './openSqliteLedger.ts';

/** What the gate of a migration is decided by, from the records of a real ledger. */

const ID = 'move';
const NOW = 900_000;
const CANCELLED = { code: 'RUN_CANCELLED', message: 'a switch of the stage' } as const;

let ledger: Ledger;
let migrations: MigrationStore;

beforeEach(async () => {
  ledger = openSqliteLedger({ path: ':memory:' });
  migrations = memoryMigrations(ledger);
  const spec = { version: 1, source: 's', destination: 'd', tables: [{ name: 't' }] } as const;
  await migrations.createMigration(ID, migrationDefinition.parse({ version: 1, spec }), 1000);
});

const facts = () => migrationFacts(ID, { ledger, migrations }, NOW);

interface Ended {
  readonly hash?: string;
  readonly cancelled?: boolean;
}

async function begin(number: number): Promise<string> {
  const record = await migrations.getMigration(ID);
  if (!record) throw new Error('expected the migration');
  const spec = migrationRunSpec(record, number);
  await migrations.beginMigrationRun({ migrationId: ID, number, spec, now: number * 10_000 });
  return spec.runId;
}

/** A run of one refused table, whose schemas were seen all the same. */
async function ended(number: number, { hash = 'one', cancelled = false }: Ended = {}): Promise<void> {
  const runId = await begin(number);
  const planning = await ledger.beginPlanning(runId);
  const names = { source: 't', destination: 't' };
  const schemas = { source: { 'column n': hash }, destination: { 'column n': 'same' } };
  const refusal = { code: 'KEY_NOT_USABLE', message: 'why' } as const;
  const table = { names, plan: null, refusal, shards: 0, estimatedRows: 0, schemas };
  await ledger.completePlan(planning, { tables: [table], now: number * 10_000 + 1 });
  const failure = cancelled ? CANCELLED : null;
  await ledger.settle(runId, { verdict: 'inconclusive', failure, now: number * 10_000 + 2 });
}

it('a migration without a run has none, and an unknown one has no facts', async () => {
  expect(await facts()).toMatchObject({
    underWay: undefined,
    last: undefined,
    settled: [],
    changedTables: [],
  });
  expect(await migrationFacts('nobody', { ledger, migrations }, NOW)).toBeUndefined();
});

it('the run under way is told beside the last full one, and those that have ended, the newest first', async () => {
  await ended(1);
  await ended(2);
  await begin(3);
  expect(await facts()).toMatchObject({
    underWay: { runId: 'move.3' },
    last: { runId: 'move.2' },
    settled: [{ runId: 'move.2' }, { runId: 'move.1' }],
  });
});

it('a run that was cancelled is not the last full one', async () => {
  await ended(1);
  await ended(2, { cancelled: true });
  const found = await facts();
  expect(found?.last?.runId).toBe('move.1');
  expect(found?.settled.map(({ runId }) => runId)).toEqual(['move.2', 'move.1']);
});

it('a schema that changed between the last two full runs is named with its side, and is gone one run later', async () => {
  await ended(1);
  await ended(2, { hash: 'other', cancelled: true });
  await ended(3, { hash: 'two' });
  expect((await facts())?.changedTables).toEqual([
    { name: 't', differences: ['source: column n was changed'] },
  ]);
  await ended(4, { hash: 'two' });
  expect((await facts())?.changedTables).toEqual([]);
});

it('runs that are gone are left out, and those of an earlier migration of the same id are not taken for its own', async () => {
  await ended(1);
  await ended(2);
  await ledger.deleteRun('move.2');
  expect((await facts())?.settled.map(({ runId }) => runId)).toEqual(['move.1']);
  const record = await migrations.getMigration(ID);
  await migrations.deleteMigration(ID);
  if (record) await migrations.createMigration(ID, record.definition, 50_000);
  const spec = record && migrationRunSpec({ ...record, runs: 0 }, 1);
  if (spec) await migrations.beginMigrationRun({ migrationId: ID, number: 1, spec, now: 51_000 });
  expect(await migrations.getMigration(ID)).toMatchObject({ runs: 1 });
  expect((await facts())?.settled).toEqual([]);
});
