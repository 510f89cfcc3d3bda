import { runSpec } from '@rowparity/contracts';
import { Fault, planReader, Solitude, workShard } from '@rowparity/core';
import { expect, it } from 'vitest';
import { openSqliteLedger } from './index.ts';
import { plan, stubReader } from './stubTable.ts';

it.each(['transient', 'permanent'] as const)(
  'a %s fault that does not pass makes the shard inconclusive with its code, and never ends it otherwise',
  async (faultClass) => {
    const ledger = openSqliteLedger({ path: ':memory:' });
    const spec = runSpec.parse({
      version: 1,
      runId: 'r',
      source: 's',
      destination: 'd',
      direction: 'SRC',
      tables: [{ name: 't' }],
    });
    await ledger.createRun(spec, 1);
    const planning = await ledger.beginPlanning('r');
    await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
    await ledger.completePlan(planning, {
      tables: [
        { names: { source: 't', destination: 't' }, plan, refusal: null, shards: 1, estimatedRows: 1 },
      ],
      now: 2,
    });
    const message = 'base: the connection was lost.';
    const reader = stubReader(() =>
      Promise.reject(new Fault(faultClass, { code: 'CONNECTION_LOST', message })),
    );
    const end = await workShard(
      { runId: 'r', shard: 0 },
      {
        ledger,
        readPlan: planReader(ledger),
        openReaders: () => ({
          pages: { base: reader, target: reader },
          points: { base: reader, target: reader },
        }),
        openSink: () => ({ publish: async () => {}, flush: async () => {}, close: async () => {} }),
        clock: { now: () => 3, steadyNow: () => 3, sleep: async () => {} },
        holder: 'test',
        solitude: new Solitude(),
      },
      new AbortController().signal,
    );
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
