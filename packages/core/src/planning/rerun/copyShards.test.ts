import { type RunHeader, type ShardRecord, zeroCounts } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { BaseRun } from './baseRun.ts';
import { copyShards, inheritedBy } from './copyShards.ts';

type Range = readonly [after: string | null, upTo: string | null];

function record(
  shard: number,
  table: number,
  [after, upTo]: Range,
  change: Partial<ShardRecord> = {},
): ShardRecord {
  return {
    ...{
      shard,
      table,
      range: { after: after === null ? null : [after], upTo: upTo === null ? null : [upTo] },
    },
    ...{ state: 'done', attempt: 1, holder: null, checkpoint: null, outcome: 'match', failure: null },
    counts: { ...zeroCounts(), rowsBase: 10, rowsTarget: 9 },
    ...{ claimedAt: 100 + shard, committedAt: 150, finishedAt: 200 + shard },
    ...change,
  };
}

/** Shard 1 was split: the last one is what lay behind it. */
const RECORDS = [
  record(0, 0, [null, 'b']),
  record(1, 0, ['b', 'c'], { outcome: 'differs' }),
  record(2, 2, [null, null], { inheritedFrom: 'oldest' }),
  record(3, 0, ['c', null], { outcome: 'inconclusive' }),
];
const TABLES = [2, 0, 1];

function copied(
  records: readonly ShardRecord[],
  only: ('differs' | 'inconclusive')[],
  { tables = TABLES, keyShards = 0 } = {},
) {
  const base = {
    header: { runId: 'base', shards: records.length } as RunHeader,
    spec: {},
    plan: { tables: tables.map((shards) => ({ shards, follows: { keyShards, isWhole: true } })) },
  } as unknown as BaseRun;
  const listShards = async (_: string, from: number, limit: number) => records.slice(from, from + limit);
  return copyShards(base, { runId: 'base', only }, { listShards });
}

it('ranges come in their order, and only what is asked for is compared anew', async () => {
  const shards = await copied(RECORDS, ['differs']);
  expect(shards.map(({ planned }) => [planned.shard, planned.table, planned.range.after])).toEqual([
    [0, 0, null],
    [1, 0, ['b']],
    [2, 0, ['c']],
    [3, 2, null],
  ]);
  expect(shards.map(({ inherited }) => inherited?.outcome)).toEqual([
    'match',
    undefined,
    'inconclusive',
    'match',
  ]);
  // A shard that was inherited before keeps the run in which it was compared.
  expect(shards.map(({ inherited }) => inherited?.inheritedFrom)).toEqual([
    'base',
    undefined,
    'base',
    'oldest',
  ]);
  expect(shards[2]?.inherited).toMatchObject({
    shard: 2,
    claimedAt: 103,
    finishedAt: 203,
    counts: { rowsBase: 10 },
  });
  expect(inheritedBy(shards)).toEqual({ shards: 3, rows: 57, from: 100, to: 203 });
  expect(inheritedBy([])).toBeUndefined();
});

it('shards with keys stay behind: the ranges cover their rows', async () => {
  const open: Range = [null, null];
  const records = [
    record(0, 0, open, { keys: [['a']] }),
    record(1, 1, open, { keys: [['a']] }),
    record(2, 1, open),
  ];
  const shards = await copied(records, ['differs'], { tables: [1, 2], keyShards: 1 });
  expect(shards.map(({ planned }) => planned)).toEqual([{ shard: 0, table: 1, range: records[2]?.range }]);
});

it('a shard that its run did not end is compared anew in any case', async () => {
  const open = record(1, 0, ['b', 'c'], { state: 'planned', outcome: null, finishedAt: null });
  const shards = await copied(RECORDS.with(1, open), ['inconclusive']);
  expect(shards.map(({ inherited }) => inherited !== undefined)).toEqual([true, false, false, true]);
});

it.each<[string, readonly ShardRecord[]]>([
  ['a gap', RECORDS.with(1, record(1, 0, ['b', 'bb']))],
  ['an overlap', RECORDS.with(2, record(2, 0, ['a', null]))],
  ['ranges in a circle', RECORDS.with(3, record(3, 0, ['c', 'b']))],
  ['a table without its shard', RECORDS.slice(0, 2)],
])('%s in the old plan refuses the rerun', async (_, records) => {
  await expect(copied(records, ['differs'])).rejects.toMatchObject({ code: 'RERUN_REFUSED' });
});
