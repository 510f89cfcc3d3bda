import type { TablePlan } from '@rowparity/contracts';
import { zeroCounts } from '@rowparity/contracts';
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { verdictOf } from '../settling/verdict.ts';
import { FakeRowReader } from '../testing/fakeRowReader.ts';
import { ShardBench } from '../testing/shardBench.ts';
import type { comparePage } from './comparePage.ts';
import * as comparing from './comparePage.ts';
import { Recall } from './recall.ts';

vi.mock('./comparePage.ts', { spy: true });
afterEach(() => vi.mocked(comparing.comparePage).mockReset());

const column = (name: string, rules: TablePlan['columns'][number]['rules'] = []) => ({
  names: { base: name, target: name },
  types: { base: 't', target: 't' },
  readAs: { kind: 'plain' as const },
  rules,
});
const table = { schema: 's', table: 't' };
const plan: TablePlan = {
  tables: { base: table, target: table },
  columns: [column('k'), column('v')],
  key: [{ column: 0, kind: 'text' }],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};

async function probe(
  rows: readonly (readonly [string, string])[],
  options: { readonly compare?: typeof comparePage; readonly plan?: TablePlan; readonly shard?: number } = {},
) {
  const reader = new FakeRowReader(rows);
  const page = await reader.readPage({ after: null, upTo: null }, { rows: 1000, bytes: 1e6 });
  const before = Buffer.from(page.bytes);
  const readers = { base: reader, target: reader };
  const recall = new Recall({ runId: 'r', shard: 0, plan, readers, ...options });
  const found = recall.probe({ base: page, target: page });
  expect(page.bytes.equals(before)).toBe(true);
  return { found, recall, page };
}

const hundred = Array.from({ length: 100 }, (_, i) => [`k${String(i).padStart(2, '0')}`, `v${i}`] as const);

it('a changed row, a missing one and one too many are planted and caught', async () => {
  expect((await probe(hundred)).found).toEqual({ planted: 3, caught: 3 });
});

it('for any rows, shard and rules, what is planted is caught', async () => {
  const rows = fc.uniqueArray(
    fc.tuple(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), fc.string({ unit: 'grapheme-ascii' })),
    {
      selector: ([key]) => key,
      maxLength: 40,
    },
  );
  const ruled = { ...plan, columns: [column('k'), column('v', ['json'])] };
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(1000), fc.constantFrom(plan, ruled), async (some, shard, chosen) => {
      const { found } = await probe(some, { shard, plan: chosen });
      expect(found.planted).toBe(Math.min(3, some.length));
      expect(found.caught).toBe(found.planted);
    }),
  );
});

it('one page in sixteen is probed, and the first one is among them', async () => {
  const { recall, page } = await probe(hundred);
  const pages = { base: page, target: page };
  const planted = Array.from({ length: 32 }, () => recall.probe(pages).planted);
  expect(planted.filter((count) => count > 0)).toHaveLength(2);
  expect([planted[15], planted[31]]).toEqual([3, 3]);
});

const broken: readonly (readonly [string, (compare: typeof comparePage) => typeof comparePage])[] = [
  ['nothing', () => () => ({ candidates: [], equalByRule: [] })],
  [
    'no row that only one side has',
    (compare) =>
      (...args) => {
        const { candidates, equalByRule } = compare(...args);
        return { candidates: candidates.filter(({ seen }) => seen.base && seen.target), equalByRule };
      },
  ],
  [
    'no changed row',
    (compare) =>
      (...args) => {
        const { candidates, equalByRule } = compare(...args);
        return { candidates: candidates.filter(({ seen }) => !seen.base || !seen.target), equalByRule };
      },
  ],
  [
    'the wrong key',
    (compare) =>
      (...args) => {
        const { candidates, equalByRule } = compare(...args);
        return { candidates: candidates.map(({ seen }) => ({ key: ['?'], seen })), equalByRule };
      },
  ],
];

it.each(broken)('a comparison that finds %s makes its shard and its run inconclusive', async (_, breakIt) => {
  const { comparePage: whole } = await vi.importActual<typeof comparing>('../comparing/comparePage.ts');
  vi.mocked(comparing.comparePage).mockImplementation(breakIt(whole));
  const bench = new ShardBench({ base: hundred, target: hundred });
  const end = await bench.run();
  expect(end).toMatchObject({ outcome: 'inconclusive', failure: { code: 'RECALL_FAILED' } });
  expect(bench.events).toEqual([]);
  const counts = bench.counts(end);
  expect(counts.caught).toBeLessThan(counts.planted);
  const record = { plan, shards: 1 };
  const grounds = { spec: {}, failure: null, cancelRequested: false, plannedAt: 1, tables: [record] };
  const tallies = { planned: 0, running: 0, match: 0, differs: 0, inconclusive: 0 };
  expect(verdictOf(grounds, [{ counts, shards: { ...tallies, inconclusive: 1 } }])).toBe('inconclusive');
  expect(verdictOf(grounds, [{ counts, shards: { ...tallies, match: 1 } }])).toBe('inconclusive');
  expect(verdictOf(grounds, [{ counts: zeroCounts(), shards: { ...tallies, match: 1 } }])).toBe('consistent');
});

it('the self-test sends no event and counts no difference', async () => {
  const bench = new ShardBench({ base: hundred, target: hundred });
  const end = await bench.run();
  expect(bench.events).toEqual([]);
  expect(bench.counts(end)).toMatchObject({ planted: 3, caught: 3, candidates: 0, rowsBase: 100 });
});
