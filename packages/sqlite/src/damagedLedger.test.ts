import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runSpec, zeroCounts } from '@rowparity/contracts';
import { readWholeRun, settleRun } from '@rowparity/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenLedger, openSqliteLedger } from './openSqliteLedger.ts';

let folder: string;
let ledger: OpenLedger;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowparity-damaged-'));
  ledger = openSqliteLedger({ path: join(folder, 'run.sqlite') });
  for (const runId of ['first', 'broken']) await plannedRun(runId);
});

afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true });
});

async function plannedRun(runId: string): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  const planning = await ledger.beginPlanning(runId);
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const table = {
    names: { source: 't', destination: 't' },
    plan: null,
    refusal: null,
    shards: 1,
    estimatedRows: 1,
  };
  await ledger.completePlan(planning, { tables: [table], now: 2 });
}

/** Changes the file as an editor would. The ledger locks its file, so it is closed first and opened again. */
async function tamper(sql: string): Promise<void> {
  await ledger.close();
  const path = join(folder, 'run.sqlite');
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  ledger = openSqliteLedger({ path });
}

it.each([
  `UPDATE runs SET state = 'dreaming' WHERE runId = 'broken'`,
  `UPDATE runs SET direction = 'UP' WHERE runId = 'broken'`,
  `UPDATE runs SET shards = -1 WHERE runId = 'broken'`,
  `UPDATE runs SET failure = '{"code":' WHERE runId = 'broken'`,
])('of a header, %s: the run is named, hides no other, and can be deleted', async (sql) => {
  await tamper(sql);
  await expect(ledger.getRun('broken')).rejects.toMatchObject({ code: 'RUN_UNREADABLE' });
  const { runs, unreadable } = await ledger.listRuns(10);
  expect(runs.map(({ runId }) => runId)).toEqual(['first']);
  expect(unreadable).toEqual([{ runId: 'broken', message: expect.stringContaining('broken') }]);
  expect(await ledger.deleteRun('broken')).toBe('deleted');
  expect((await ledger.listRuns(10)).unreadable).toEqual([]);
});

it.each([
  `UPDATE runs SET spec = '{"version":' WHERE runId = 'broken'`,
  `UPDATE runs SET spec = '{"version":2}' WHERE runId = 'broken'`,
  `UPDATE runs SET unstable = 'x' WHERE runId = 'broken'`,
  `UPDATE runs SET changed = '{}' WHERE runId = 'broken'`,
  `UPDATE plans SET plan = '{"tables":[' WHERE runId = 'broken'`,
  `UPDATE plans SET plan = '{"tables":[{}]}' WHERE runId = 'broken'`,
])(
  '%s: lists and headers are whole, only that run cannot be reported, and it can be deleted',
  async (sql) => {
    await tamper(sql);
    await expect(readWholeRun('broken', ledger)).rejects.toMatchObject({ code: 'RUN_UNREADABLE' });
    expect((await ledger.getRun('broken'))?.state).toBe('running');
    const { runs, unreadable } = await ledger.listRuns(10);
    expect([runs.map(({ runId }) => runId), unreadable]).toEqual([['broken', 'first'], []]);
    expect((await readWholeRun('first', ledger))?.tables).toHaveLength(1);
    expect(await ledger.deleteRun('broken')).toBe('deleted');
    expect((await ledger.listRuns(10)).runs).toHaveLength(1);
  },
);

it.each([
  ['plan', `UPDATE plans SET plan = '{' WHERE runId = 'broken'`],
  ['spec', `UPDATE runs SET spec = '{' WHERE runId = 'broken'`],
])('a run that is done and whose %s cannot be read is settled with that reason', async (_, sql) => {
  await tamper(sql);
  const clock = { now: () => 9, steadyNow: () => 9, sleep: async () => {} };
  const catalog = () => {
    throw new Error('expected no question to a server');
  };
  const settle = () =>
    settleRun({ runId: 'broken' }, { ledger, clock, catalog }, new AbortController().signal);
  expect(await settle()).toBeUndefined();
  const claim = { runId: 'broken', shard: 0, holder: 'w', strikesMax: 10, now: 3 };
  const claimed = await ledger.claim(claim);
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
  const end = { checkpoint: null, add: zeroCounts(), outcome: 'match', failure: null } as const;
  await ledger.finish(claimed.hold, end, 4);
  expect(await settle()).toBe('inconclusive');
  expect(await ledger.getRun('broken')).toMatchObject({
    ...{ state: 'settled', verdict: 'inconclusive', failure: { code: 'RUN_UNREADABLE' } },
  });
});

it('a plan that is gone is missed', async () => {
  await tamper(`DELETE FROM plans WHERE runId = 'broken'`);
  expect((await ledger.damageOf('broken')).join()).toContain('the tables of the plan');
  expect(await ledger.damageOf('first')).toEqual([]);
});

it.each([
  [`DELETE FROM shards WHERE runId = 'broken'`, 'the plan'],
  [`DELETE FROM totals WHERE runId = 'broken'`, 'the totals'],
])('%s: %s is missed', async (sql, part) => {
  expect(await ledger.damageOf('broken')).toEqual([]);
  await tamper(sql);
  expect((await ledger.damageOf('broken')).join()).toContain(`${part} (0 of 1 shards are there)`);
  expect(await ledger.damageOf('first')).toEqual([]);
});
