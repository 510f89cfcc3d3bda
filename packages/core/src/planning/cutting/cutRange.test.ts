import type { KeyRange } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { axisOf, type KeyAxis } from '../../keys/keyOrder.ts';
import { cutRange } from './cutRange.ts';

const integers = axisOf('integer') as KeyAxis;

/** Counts exactly, and caps large answers at half the table as the optimizer does. */
function counting(ids: readonly bigint[]) {
  const ask = { questions: 0 };
  const estimate = async ({ after, upTo }: KeyRange) => {
    ask.questions += 1;
    const rows = ids.filter(
      (id) =>
        (after === null || id > BigInt(after[0] as string)) &&
        (upTo === null || id <= BigInt(upTo[0] as string)),
    ).length;
    return Math.min(rows, Math.ceil(ids.length / 2));
  };
  return { ask, estimate };
}

async function cut(ids: readonly bigint[], wantedRows: number) {
  const sorted = [...ids].sort((a, b) => (a < b ? -1 : 1));
  const { ask, estimate } = counting(ids);
  const min = sorted[0] as bigint;
  const max = sorted.at(-1) as bigint;
  const ranges = await cutRange({ axis: integers, min, max, wantedRows, estimate });
  const sizes = ranges.map(
    ({ after, upTo }) =>
      ids.filter(
        (id) =>
          (after === null || id > BigInt(after[0] as string)) &&
          (upTo === null || id <= BigInt(upTo[0] as string)),
      ).length,
  );
  return { ranges, sizes, questions: ask.questions };
}

const dense = Array.from({ length: 5000 }, (_, i) => BigInt(i + 1));

it.each([
  ['dense', dense],
  ['with huge gaps', dense.map((id) => (id % 10n === 0n ? id * 10n ** 14n : id))],
  ['skewed to one end', [...dense, -(2n ** 63n), 2n ** 63n - 1n]],
  ['sparse', dense.map((id) => id * 10n ** 15n - 2n ** 62n)],
  ['beyond 64 bits signed', dense.map((id) => 2n ** 64n - id)],
] as const)('a key space that is %s gives shards within 3 times the wanted size', async (_name, ids) => {
  const { sizes, questions } = await cut(ids, 250);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(750);
  expect(sizes.reduce((a, b) => a + b)).toBe(ids.length);
  expect(sizes.length).toBeLessThanOrEqual((3 * ids.length) / 250);
  expect(questions).toBeLessThan(500);
});

it('shards tile the key space: open at both ends, each beginning where the one before ended', async () => {
  const ids = fc.uniqueArray(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), {
    minLength: 1,
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(ids, fc.integer({ min: 1, max: 50 }), async (some, wantedRows) => {
      const { ranges, sizes } = await cut(some, wantedRows);
      expect(ranges[0]?.after).toBeNull();
      expect(ranges.at(-1)?.upTo).toBeNull();
      for (const [i, range] of ranges.slice(1).entries()) expect(range.after).toEqual(ranges[i]?.upTo);
      expect(sizes.reduce((a, b) => a + b)).toBe(some.length);
    }),
    { numRuns: 200 },
  );
});

it('a single row is one shard', async () => {
  expect((await cut([7n], 100)).ranges).toMatchObject([{ after: null, upTo: null }]);
});

it('however large the key space, only a few questions are asked at once', async () => {
  let now = 0;
  let most = 0;
  let questions = 0;
  const ranges = await cutRange({
    axis: integers,
    min: 1n,
    max: 10n ** 9n,
    wantedRows: 100_000,
    estimate: async ({ after, upTo }) => {
      now += 1;
      most = Math.max(most, now);
      questions += 1;
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return Number(BigInt(upTo?.[0] ?? 0) - BigInt(after?.[0] ?? 0));
    },
  });
  expect(most).toBeLessThanOrEqual(8);
  expect(ranges.length).toBeGreaterThan(6000);
  expect(questions).toBeLessThan(4 * ranges.length);
});

it.each([
  ['is the same for any range', async () => 3000],
  [
    'grows with each question',
    (() => {
      let rows = 1000;
      return async () => (rows += 1000);
    })(),
  ],
])('an estimate that %s ends in a few shards after a bounded number of questions', async (_, estimate) => {
  let questions = 0;
  const counted = async () => {
    questions += 1;
    return estimate();
  };
  const ranges = await cutRange({
    axis: integers,
    min: 0n,
    max: 2n ** 63n,
    wantedRows: 500,
    estimate: counted,
  });
  expect(questions).toBeLessThan(1000);
  expect(ranges.length).toBeLessThan(50);
  expect(ranges[0]?.after).toBeNull();
  expect(ranges.at(-1)?.upTo).toBeNull();
  for (const [i, range] of ranges.slice(1).entries()) expect(range.after).toEqual(ranges[i]?.upTo);
});
