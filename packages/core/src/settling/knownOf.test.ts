import {
  type KnownDifference,
  type RunHeader,
  type RunPlan,
  runSpec,
  type TableRecord,
} from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { LedgerReadings } from '../ports/ledger.ts';
import { knownOf } from './knownOf.ts';

const column = (name: string) => ({
  names: { source: name, destination: name },
  types: { source: 'bigint', destination: 'bigint' },
  readAs: { kind: 'plain' as const },
  rules: [],
});
const place = { schema: 's', table: 't' };
const table: TableRecord = {
  ...{ names: { source: 't', destination: 't' }, refusal: null, shards: 1, estimatedRows: 1 },
  plan: {
    tables: { source: place, destination: place },
    columns: [column('id'), column('code')],
    key: [
      { column: 0, kind: 'integer' },
      { column: 1, kind: 'binary' },
    ],
    ...{ indexes: { source: 'PRIMARY', destination: 'PRIMARY' }, where: null },
  },
};

function row(number: number, key: readonly string[], tableIndex = 0): KnownDifference {
  return {
    ...{ table: tableIndex, rowId: String(number).padStart(32, '0'), key, type: 'neq', columns: ['v'] },
    keySpace: '0'.repeat(16),
    ...{ state: 'new', firstSeen: 5, lastSeen: 6, generations: 2 },
  };
}

async function answer(
  rows: readonly KnownDifference[],
  { query = {}, plan = { tables: [table] } as RunPlan, isRecheck = false, kept = 1, beyond = 0 } = {},
) {
  const spec = runSpec.parse({
    ...{ version: 1, runId: 'r', source: 's', destination: 'd', direction: 'SRC', tables: [{ name: 't' }] },
    ...(isRecheck ? { basedOn: { runId: 'old', only: ['known'] } } : {}),
  });
  const ledger: Partial<LedgerReadings> = {
    getRun: async (runId) =>
      runId === 'r' ? ({ runId, direction: 'SRC', planName: 'p' } as RunHeader) : undefined,
    getSpec: async () => spec,
    getPlan: async () => plan,
    getRemarks: async () => ({ unstable: [], changed: [] }),
    knownTotals: async () => plan.tables.map(() => ({ kept, beyond })),
    listKnown: async (_, { limit, after }) => {
      const from = after ? rows.findIndex(({ rowId }) => rowId === after.rowId) + 1 : 0;
      return rows.slice(from, from + limit);
    },
  };
  return { of: (runId: string) => knownOf(runId, query, ledger as LedgerReadings) };
}

it('keys come by the names of their columns, with every digit; a key of another plan by its places', async () => {
  const asked = await answer([
    row(1, ['9007199254740993', '00ff']),
    row(2, ['7']),
    row(3, ['no number', '00']),
    row(4, ['8', 'aa'], 3),
  ]);
  const known = (await asked.of('r'))?.known;
  expect(known?.map(({ table: name, key }) => [name, key])).toEqual([
    ['t', { id: '9007199254740993', code: { hex: '00ff' } }],
    ['t', { 0: '7' }],
    ['t', { 0: 'no number', 1: '00' }],
    ['', { 0: '8', 1: 'aa' }],
  ]);
  expect(await asked.of('nobody')).toBeUndefined();
});

it('pages end with the cursor of the next one, and the last one with none', async () => {
  const rows = [1, 2, 3].map((number) => row(number, [`${number}`, 'aa']));
  const first = await (await answer(rows, { query: { limit: 2 } })).of('r');
  expect(first).toMatchObject({ known: [{}, {}], next: `0~${rows[1]?.rowId}` });
  const cursor = { table: 0, rowId: rows[1]?.rowId ?? '' };
  expect(await (await answer(rows, { query: { limit: 2, cursor } })).of('r')).toMatchObject({
    ...{ known: [{ rowId: rows[2]?.rowId }], next: null },
  });
});

it('the newest are those of all that are kept, over any number of pages, and have no next page', async () => {
  const rows = Array.from({ length: 2500 }, (_, i) => ({
    ...row(i, [`${i}`, 'aa']),
    lastSeen: (i * 7919) % 2500,
  }));
  const found = await (await answer(rows, { query: { limit: 3, order: 'newest' } })).of('r');
  expect(found?.known.map(({ lastSeen }) => lastSeen)).toEqual([2499, 2498, 2497]);
  expect(found?.next).toBeNull();
  const all = await (await answer(rows.slice(0, 2), { query: { limit: 5, order: 'newest' } })).of('r');
  expect(all?.known).toHaveLength(2);
});

it.each([
  ['as many as were confirmed', {}, false],
  ['fewer than were confirmed', { beyond: 2 }, true],
  ['all of a run that kept fewer, in a recheck', { isRecheck: true, isWhole: false }, true],
  ['all of a run that kept all, in a recheck', { isRecheck: true, isWhole: true }, false],
  ['what a whole pass found after a run that kept fewer', { isWhole: false }, false],
])(
  'a table that keeps %s: overflowed %#',
  async (_, {
    isWhole,
    ...world
  }: { isWhole?: boolean; beyond?: number; isRecheck?: boolean }, overflowed) => {
    const follows = isWhole === undefined ? {} : { follows: { keyShards: 1, isWhole } };
    const plan: RunPlan = { tables: [{ ...table, ...follows }] };
    const found = await (await answer([], { plan, ...world })).of('r');
    expect(found?.tables).toEqual([{ name: 't', kept: 1, beyond: world.beyond ?? 0, overflowed }]);
    expect(found?.follows).toBe(world.isRecheck ? 'old' : null);
  },
);
