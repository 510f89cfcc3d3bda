import { runSpec, type TablePlan } from '@rowparity/contracts';
import { Fault, type RowReader, Solitude, workShard } from '@rowparity/core';
import { expect, it } from 'vitest';
import { openSqliteLedger } from './index.ts';

const table = { schema: 's', table: 't' };
const plan: TablePlan = {
  tables: { base: table, target: table },
  columns: [
    {
      names: { base: 'id', target: 'id' },
      types: { base: 'int', target: 'int' },
      readAs: { kind: 'plain' },
      rules: [],
    },
  ],
  key: [{ column: 0, kind: 'integer' }],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};

function failing(fault: Fault): RowReader {
  const fail = async (): Promise<never> => {
    throw fault;
  };
  return {
    readPage: fail,
    stream: () => ({ page: fail, take: () => undefined, close: async () => undefined }),
    readKeys: fail,
    digest: fail,
    probeDigest: fail,
    keyBehind: fail,
    lastKey: fail,
    keyAt: () => ['1'],
    valuesAt: () => [],
    close: async () => {},
  };
}

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
    await ledger.completePlan(planning, [{ name: 't', plan, refusal: null, shards: 1, estimatedRows: 1 }], 2);
    const reader = failing(
      new Fault(faultClass, { code: 'CONNECTION_LOST', message: 'base: the connection was lost.' }),
    );
    const run = await ledger.getRun('r');
    const end = await workShard(
      { runId: 'r', shard: 0 },
      {
        ledger,
        runOf: async () => run as NonNullable<typeof run>,
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
