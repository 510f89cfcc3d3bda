import { Fault, runSpec } from '@rowparity/contracts';
import {
  ConvergenceTimes,
  type Ledger,
  planReader,
  Quarantine,
  type RowReader,
  WaitingShards,
  workShard,
} from '@rowparity/core';
import { expect, it } from 'vitest';
import { openSqliteLedger } from './index.ts';
import { plan, stubReader } from './testing/stubTable.ts';

async function planOneShard(ledger: Ledger): Promise<void> {
  const spec = { version: 1, runId: 'r', source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  const planning = await ledger.beginPlanning('r');
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const names = { source: 't', destination: 't' };
  const table = { names, plan, refusal: null, shards: 1, estimatedRows: 1 };
  await ledger.completePlan(planning, { tables: [table], now: 2 });
}

async function workOn(ledger: Ledger, reader: RowReader) {
  const readers = { base: reader, target: reader };
  return workShard(
    { runId: 'r', shard: 0 },
    {
      ledger,
      readPlan: planReader(ledger),
      openReaders: () => ({ pages: readers, points: readers }),
      openSink: () => ({ publish: async () => {}, flush: async () => {} }),
      clock: { now: () => 3, steadyNow: () => 3, sleep: async () => {} },
      holder: 'test',
      quarantine: new Quarantine(),
      convergence: new ConvergenceTimes(),
      waiting: new WaitingShards(),
    },
    new AbortController().signal,
  );
}

it.each(['transient', 'permanent'] as const)(
  'a %s fault that does not pass makes the shard inconclusive with its code, and never ends it otherwise',
  async (faultClass) => {
    const ledger = openSqliteLedger({ path: ':memory:' });
    await planOneShard(ledger);
    const message = 'base: the connection was lost.';
    const reader = stubReader(() =>
      Promise.reject(new Fault(faultClass, { code: 'CONNECTION_LOST', message })),
    );
    const end = await workOn(ledger, reader);
    expect(end).toMatchObject({ kind: 'ended', outcome: 'inconclusive' });
    expect(await ledger.getShard('r', 0)).toMatchObject({
      state: 'done',
      outcome: 'inconclusive',
      failure: { code: 'CONNECTION_LOST' },
      counts: { rowsBase: 0, targetMissing: 0, baseMissing: 0 },
    });
    await ledger.close();
  },
);

it('a fault that ends an attempt is told also where another attempt holds the shard by then', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  await planOneShard(ledger);
  const fault = new Fault('permanent', { code: 'STATEMENT_FAILED', message: 'base: no.' });
  const reader = stubReader(async () => {
    await ledger.claim({ runId: 'r', shard: 0, holder: 'other', strikesMax: 10, now: 3 });
    throw fault;
  });
  expect(await workOn(ledger, reader)).toEqual({ kind: 'left', cause: fault });
  expect(await ledger.getShard('r', 0)).toMatchObject({ state: 'running', holder: 'other' });
  await ledger.close();
});
