import { Fault } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { RangeDigest } from '../ports/rowSource.ts';
import { SIDES, type Side } from '../sides/sides.ts';
import type { FakeRow } from '../testing/fakeRowReader.ts';
import { type BenchOptions, ShardBench } from '../testing/shardBench.ts';

const hundred = Array.from({ length: 100 }, (_, i) => [`k${String(i).padStart(2, '0')}`, `v${i}`] as const);

async function run(options: Partial<BenchOptions> = {}) {
  const bench = new ShardBench({ base: hundred, target: hundred, strategy: 'checksum', ...options });
  const end = await bench.run();
  return { bench, end, counts: bench.counts(end) };
}

function beforeProbes(act: (side: Side, bench: ShardBench) => void): (bench: ShardBench) => void {
  return (bench) => {
    for (const side of SIDES) {
      const probe = bench[side].probeDigest.bind(bench[side]);
      bench[side].probeDigest = async (...args) => {
        act(side, bench);
        return probe(...args);
      };
    }
  };
}

it('rows that are equal by digest are tested with a changed value, a row left out and one twice', async () => {
  const { bench, end, counts } = await run();
  expect(end).toMatchObject({ outcome: 'match', failure: null });
  expect(counts).toMatchObject({ planted: 3, caught: 3, candidates: 0, rowsBase: 100, rowsTarget: 100 });
  expect(bench.events).toEqual([]);
});

it('for sixteen pages of rows one range is probed, and the first one is among them', async () => {
  expect((await run({ pageRows: 10 })).counts.planted).toBe(3);
  expect((await run({ pageRows: 4 })).counts.planted).toBe(6);
});

it('both sides are probed, and which one follows from run and shard', async () => {
  const probed = { base: 0, target: 0 };
  const { counts } = await run({
    pageRows: 1,
    arrange: beforeProbes((side) => {
      probed[side] += 1;
    }),
  });
  expect(probed.base + probed.target).toBe(counts.planted / 3);
  expect(Math.min(probed.base, probed.target)).toBeGreaterThan(0);
});

const PAGE_ROWS = 4;

/** Every page has a row that is equal, and others that are not. */
const damaged = hundred.map(([key, value], i) => [key, i % PAGE_ROWS === 0 ? value : 'damaged'] as const);

const blind: readonly (readonly [string, (rows: readonly FakeRow[]) => RangeDigest])[] = [
  ['is the same for all rows', () => ({ rows: 1, digest: 'same' })],
  ['is the number of rows', (rows) => ({ rows: rows.length, digest: 'same' })],
  ['leaves out a column', (rows) => ({ rows: rows.length, digest: rows.map(([key]) => key).join() })],
  ['leaves out rows', (rows) => ({ rows: 1, digest: JSON.stringify(rows.slice(0, 1)) })],
];

it.each(blind)('a digest that %s makes its shard inconclusive, not a match', async (_, digestOf) => {
  const { bench, end, counts } = await run({
    target: damaged,
    pageRows: PAGE_ROWS,
    arrange: ({ base, target }) => {
      base.digestOf = digestOf;
      target.digestOf = digestOf;
    },
  });
  expect(end).toMatchObject({ outcome: 'inconclusive', failure: { code: 'RECALL_FAILED' } });
  expect(counts.caught).toBeLessThan(counts.planted);
  expect(bench.events).toEqual([]);
});

it('digests that differ by themselves show nothing by differing', async () => {
  let made = 0;
  const { end, counts } = await run({
    arrange: ({ base, target }) => {
      for (const reader of [base, target]) {
        reader.digests = async () => [{ rows: 100, digest: 'equal' }];
        reader.digestOf = ({ length }) => ({ rows: length, digest: String(made++) });
      }
    },
  });
  expect(end).toMatchObject({ outcome: 'inconclusive', failure: { code: 'RECALL_FAILED' } });
  expect(counts).toMatchObject({ planted: 3, caught: 0 });
});

it('rows that are gone when they are to be probed raise no alarm, and the next range is probed', async () => {
  let probes = 0;
  const { end, counts } = await run({
    pageRows: 50,
    arrange: beforeProbes((side, bench) => {
      probes += 1;
      if (probes === 1) for (const [key] of hundred.slice(0, 50)) bench[side].rows.delete(key);
    }),
  });
  expect(probes).toBe(2);
  expect(end).toMatchObject({ outcome: 'match' });
  expect(counts).toMatchObject({ planted: 3, caught: 3 });
});

it('a transient fault of a probe is retried', async () => {
  let isFirst = true;
  const { end, counts } = await run({
    arrange: beforeProbes(() => {
      const wasFirst = isFirst;
      isFirst = false;
      if (wasFirst) throw new Fault('transient', { code: 'CONNECTION_LOST', message: 'gone' });
    }),
  });
  expect(end).toMatchObject({ outcome: 'match' });
  expect(counts).toMatchObject({ planted: 3, caught: 3 });
});
