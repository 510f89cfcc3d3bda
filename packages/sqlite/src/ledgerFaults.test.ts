import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runSpec, zeroCounts } from '@rowparity/contracts';
import type { ClaimResult } from '@rowparity/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from './openDatabase.ts';
import { ledgerOn, openSqliteLedger } from './openSqliteLedger.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowparity-ledger-'));
  path = join(folder, 'run.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

const NOW = 1000;
/** More than a page of the file. */
const LONG_KEY = 'k'.repeat(8000);

function specOf(runId: string) {
  return runSpec.parse({
    version: 1,
    runId,
    source: 'source',
    destination: 'destination',
    direction: 'SRC',
    tables: [{ name: 'orders' }],
  });
}

function problemOf(open: () => unknown): unknown {
  try {
    open();
  } catch (error) {
    return error;
  }
  throw new Error('expected a fault');
}

function foreignDatabase(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

it('a file that is no database is refused and left as it is', async () => {
  await writeFile(path, 'my diary, not yours\n'.repeat(100));
  expect(problemOf(() => openSqliteLedger({ path }))).toMatchObject({
    class: 'configuration',
    code: 'LEDGER_UNUSABLE',
    problem: 'notALedger',
    path,
  });
  expect(await readFile(path, 'utf8')).toContain('my diary');
});

it("another program's database is refused and left as it is", async () => {
  foreignDatabase('CREATE TABLE notes (text TEXT)');
  const before = await readFile(path);
  expect(problemOf(() => openSqliteLedger({ path }))).toMatchObject({ problem: 'notALedger', path });
  expect(await readFile(path)).toEqual(before);
});

it('a ledger of another version is refused', async () => {
  await openSqliteLedger({ path }).close();
  foreignDatabase('PRAGMA user_version = 999999');
  expect(problemOf(() => openSqliteLedger({ path }))).toMatchObject({
    class: 'configuration',
    problem: 'otherVersion',
  });
});

it('a folder that is not there is a matter of configuration', () => {
  path = join(folder, 'nowhere', 'run.sqlite');
  expect(problemOf(() => openSqliteLedger({ path }))).toMatchObject({
    class: 'configuration',
    problem: 'cannotOpen',
    path,
  });
});

it('a file that only may be read is refused', async ({ skip }) => {
  if (process.getuid?.() === 0) return skip('root may write every file');
  await openSqliteLedger({ path }).close();
  await chmod(path, 0o400);
  expect(problemOf(() => openSqliteLedger({ path }))).toMatchObject({ class: 'configuration', path });
});

it('a second holder of the file is refused while the first lives', async () => {
  const first = openSqliteLedger({ path });
  expect(problemOf(() => openSqliteLedger({ path }))).toMatchObject({
    class: 'configuration',
    problem: 'inUse',
  });
  await first.close();
  await openSqliteLedger({ path }).close();
});

it('when the disk is full nothing is half written, and the run continues from its last commit', async () => {
  const database = openDatabase(path);
  const ledger = ledgerOn(database, path);
  await ledger.createRun(specOf('run-1'), NOW);
  const planning = await ledger.beginPlanning('run-1');
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const tables = [
    { names: { source: 't', destination: 't' }, plan: null, refusal: null, shards: 1, estimatedRows: 0 },
  ];
  await ledger.completePlan(planning, { tables, now: NOW });
  const claim = { runId: 'run-1', shard: 0, holder: 'w', strikesMax: 3, now: NOW };
  const { hold } = (await ledger.claim(claim)) as Extract<ClaimResult, { kind: 'claimed' }>;
  const progress = { checkpoint: [LONG_KEY], add: { ...zeroCounts(), rowsBase: 5 } };

  database.exec('PRAGMA max_page_count = 1');
  await expect(ledger.commit(hold, progress, NOW)).rejects.toMatchObject({
    class: 'permanent',
    code: 'LEDGER_UNUSABLE',
    problem: 'full',
    path,
  });
  expect(await ledger.getShard('run-1', 0)).toMatchObject({ checkpoint: null, counts: zeroCounts() });
  expect((await ledger.totals('run-1'))[0]?.counts.rowsBase).toBe(0);

  database.exec('PRAGMA max_page_count = 1000000');
  expect(await ledger.commit(hold, progress, NOW)).toMatchObject({ kind: 'written' });
  await ledger.close();
  const reopened = openSqliteLedger({ path });
  expect(await reopened.getShard('run-1', 0)).toMatchObject({ checkpoint: [LONG_KEY], attempt: 1 });
  await reopened.close();
});
