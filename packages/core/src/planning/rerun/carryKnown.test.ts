import {
  type KnownDifference,
  type PlacedTablePlan,
  type PlannedShard,
  type RunHeader,
  runSpec,
  SHARD_KEYS_MAX,
} from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { keySpaceOf } from '../../ledgering/keySpace.ts';
import type { BaseRun } from './baseRun.ts';
import { type CarryDeps, type CarryInput, carryKnownOf } from './carryKnown.ts';

function planOf(key: string, others: readonly string[] = ['v']): PlacedTablePlan {
  const place = { schema: 's', table: 't' };
  return {
    tables: { source: place, destination: place },
    columns: [key, ...others].map((name) => ({
      names: { source: name, destination: name },
      types: { source: 'int', destination: 'int' },
      ...{ readAs: { kind: 'plain' as const }, rules: [] },
    })),
    key: [{ column: 0, kind: 'integer' }],
    ...{ indexes: { source: 'PRIMARY', destination: 'PRIMARY' }, where: null },
  };
}

const PLAN = planOf('id');

function row(table: number, number: number, change: Partial<KnownDifference> = {}): KnownDifference {
  return {
    ...{
      table,
      rowId: String(number).padStart(32, '0'),
      key: [String(number)],
      type: 'neq',
      columns: ['v'],
      keySpace: keySpaceOf(PLAN),
    },
    ...{ state: 'new', firstSeen: 5, lastSeen: 6, generations: 2 },
    ...change,
  };
}

interface World {
  readonly rows?: readonly KnownDifference[];
  readonly beyond?: readonly number[];
  readonly inconclusive?: readonly number[];
  /** Of the tables of the followed run: it knew all that runs before it had found. */
  readonly wasWhole?: readonly (boolean | undefined)[];
  readonly isRecheck?: boolean;
  readonly tableOf?: CarryInput['tableOf'];
}

async function carry({
  rows = [],
  beyond = [],
  inconclusive = [],
  wasWhole = [],
  isRecheck,
  tableOf,
}: World) {
  const carried: KnownDifference[] = [];
  const shards: PlannedShard[] = [];
  const spec = runSpec.parse({
    ...{
      version: 1,
      runId: 'base',
      source: 's',
      destination: 'd',
      direction: 'SRC',
      tables: [{ name: 't' }],
    },
    ...(isRecheck ? { basedOn: { runId: 'older', only: ['known'] } } : {}),
  });
  const tables = [0, 1].map((i) => ({
    ...(wasWhole[i] === undefined ? {} : { follows: { keyShards: 0, isWhole: wasWhole[i] } }),
  }));
  const base = { header: { runId: 'base' } as RunHeader, spec, plan: { tables } } as unknown as BaseRun;
  const ledger = {
    listKnown: async (_: string, { limit, after }: { limit: number; after?: KnownDifference }) => {
      const from = after ? rows.findIndex(({ rowId }) => rowId === after.rowId) + 1 : 0;
      return rows.slice(from, from + limit);
    },
    knownTotals: async () => [0, 1].map((i) => ({ kept: 1, beyond: beyond[i] ?? 0 })),
    totals: async () =>
      [0, 1].map((i) => ({
        shards: { planned: 0, running: 0, match: 1, differs: 0, inconclusive: inconclusive[i] ?? 0 },
      })),
    carryKnown: async (_: object, given: readonly KnownDifference[]) => {
      carried.push(...given);
      return { kind: 'written' };
    },
    addShards: async (_: object, given: readonly PlannedShard[]) => {
      shards.push(...given);
      return { kind: 'written' };
    },
  };
  const deps = { ledger, signal: new AbortController().signal } as unknown as CarryDeps;
  const planning = { runId: 'new', name: 'p' };
  const end = await carryKnownOf(
    { base, planning, tableOf: tableOf ?? ((table) => ({ table, plan: PLAN })) },
    deps,
  );
  if (end.kind !== 'written') throw new Error(end.kind);
  return { carried, shards, follows: [0, 1].map((i) => end.follows(i, i)), end };
}

it('every row that is not resolved is carried with its age, and read in shards of bounded size', async () => {
  const rows = Array.from({ length: 2500 }, (_, i) => row(0, i, i === 7 ? { state: 'resolved' } : {}));
  const { carried, shards, follows } = await carry({ rows: [...rows, row(1, 9000, { state: 'open' })] });
  expect(carried).toHaveLength(2500);
  expect(carried[0]).toEqual({ ...rows[0], state: 'open' });
  expect(carried.some(({ key }) => key[0] === '7')).toBe(false);
  expect(shards.map(({ shard, table }) => [shard, table])).toEqual([
    ...Array.from({ length: 13 }, (_, i) => [i, 0]),
    [13, 1],
  ]);
  expect(shards.every(({ keys }) => keys && keys.length <= SHARD_KEYS_MAX)).toBe(true);
  expect(shards.flatMap(({ keys }) => keys ?? [])).toEqual(carried.map(({ key }) => key));
  expect(follows).toEqual([
    { keyShards: 13, isWhole: true },
    { keyShards: 1, isWhole: true },
  ]);
});

it('long keys make smaller shards', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => row(0, i, { key: [`${i}`.padEnd(10_000, 'x')] }));
  const { shards } = await carry({ rows });
  expect(shards.map(({ keys }) => keys?.length)).toEqual([10, 10, 10]);
});

it('tables stand where the new plan has them; rows that cannot be read there are carried and have no shard', async () => {
  const rows = [row(0, 1), row(1, 2), row(1, 3)];
  const { carried, shards } = await carry({
    rows,
    tableOf: (from) => (from === 0 ? { table: 5, plan: PLAN } : { table: 2, plan: null }),
  });
  expect(carried.map(({ table }) => table)).toEqual([5, 2, 2]);
  expect(shards).toMatchObject([{ shard: 0, table: 5, keys: [['1']] }]);
  const gone = await carry({ rows, tableOf: () => undefined });
  expect([gone.carried, gone.shards]).toEqual([[], []]);
  // A table that the followed run did not have: all of its differences are new.
  expect(gone.end.kind === 'written' && gone.end.follows(9, undefined)).toEqual({
    ...{ keyShards: 0, isWhole: true },
  });
});

it.each<[string, World, boolean]>([
  ['kept all', {}, true],
  ['kept not all', { beyond: [1] }, false],
  ['compared all of a table, of which the run before kept not all', { wasWhole: [false] }, true],
  ['compared not all of such a table', { wasWhole: [false], inconclusive: [1] }, false],
  ['compared not all, and knew all before', { wasWhole: [true], inconclusive: [1] }, true],
  ['only rechecked a run that kept not all', { wasWhole: [false], isRecheck: true }, false],
])('the run %s: what is not known is new, %#', async (_, world, isWhole) => {
  const { follows } = await carry(world);
  expect(follows[0]?.isWhole).toBe(isWhole);
});

it.each<[string, PlacedTablePlan | null, number]>([
  ['the plan of then', PLAN, 2],
  ['one with a column more', planOf('id', ['v', 'w']), 2],
  ['one that does not compare what differed', planOf('id', []), 1],
  ['another key', planOf('uid'), 0],
  ['another predicate', { ...PLAN, where: { source: 'v > 1', destination: 'v > 1' } }, 0],
  ['multisets', { ...PLAN, multiset: { buckets: 1 } } as PlacedTablePlan, 0],
  ['no plan', null, 0],
])('with %s all are carried, and only keys that name the same rows are read', async (_, plan, read) => {
  const rows = [row(0, 1), row(0, 2, { type: 'target_missing', columns: [] })];
  const { carried, shards } = await carry({ rows, tableOf: (table) => ({ table, plan }) });
  expect(carried).toHaveLength(2);
  expect(shards.flatMap(({ keys }) => keys ?? [])).toHaveLength(read);
});
