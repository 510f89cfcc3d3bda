import type { KeyKind, KeyRange, KeyTuple } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutRest } from './cutRest.ts';

const WANTED = 100;

/** A rest of whole numbers, each a row, behind key 0. */
async function cut(rows: readonly bigint[], options: { upTo?: bigint; kind?: KeyKind } = {}) {
  const sorted = [...rows].sort((a, b) => (a < b ? -1 : 1));
  const end = options.upTo === undefined ? null : [`${options.upTo}`];
  const isWithin = (range: KeyRange) =>
    sorted.filter(
      (row) =>
        (range.after === null || row > BigInt(range.after[0] as string)) &&
        (range.upTo === null || row <= BigInt(range.upTo[0] as string)),
    );
  let questions = 0;
  const cuts = await cutRest({
    range: { after: ['0'], upTo: end },
    kind: options.kind ?? 'integer',
    wantedRows: WANTED,
    async keyBehind(range, count): Promise<KeyTuple | undefined> {
      questions += 1;
      const key = isWithin(range)[count - 1];
      return key === undefined ? undefined : [`${key}`];
    },
    async lastKeys(range) {
      const last = isWithin(range).at(-1);
      return last === undefined ? [] : [[`${last}`]];
    },
  });
  const ends = [['0'], ...cuts, end];
  const sizes = ends.slice(1).map((upTo, i) => isWithin({ after: ends[i] ?? null, upTo }).length);
  return { cuts, sizes, questions };
}

function spread(count: number, step = 1n, from = 1n): bigint[] {
  return Array.from({ length: count }, (_, i) => from + BigInt(i) * step);
}

it('a large even rest gives eight pieces of one size', async () => {
  const { sizes } = await cut(spread(80_000));
  expect(sizes).toEqual(Array.from({ length: 8 }, () => 10_000));
});

it('a small rest stays whole, and so does an empty one', async () => {
  expect((await cut(spread(150))).cuts).toEqual([]);
  expect((await cut([])).cuts).toEqual([]);
  expect((await cut(spread(3), { upTo: 3n })).cuts).toEqual([]);
});

it('a rest of a few shards is counted off', async () => {
  const { sizes } = await cut(spread(500));
  expect(sizes).toEqual([200, 200, 100]);
});

it('one row far away does not make seven empty shards', async () => {
  const { sizes, questions } = await cut([...spread(10_000), 2n ** 63n - 1n]);
  expect(sizes.filter((rows) => rows >= WANTED).length).toBeGreaterThan(1);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(WANTED);
  expect(questions).toBeLessThan(200);
});

it('keys that arithmetic cannot divide are counted off', async () => {
  const { sizes } = await cut(spread(5000), { kind: 'text' });
  expect(sizes).toEqual([200, 200, 200, 200, 200, 200, 200, 3600]);
});

it('for any rows, the cuts lie inside, ascend, and are at most seven', async () => {
  const some = fc.uniqueArray(fc.bigInt(1n, 2n ** 64n - 1n), { maxLength: 600 });
  const near = fc.uniqueArray(fc.bigInt(1n, 2000n), { maxLength: 600 });
  await fc.assert(
    fc.asyncProperty(some, near, fc.option(fc.bigInt(1n, 2n ** 64n)), async (far, close, upTo) => {
      const rows = [...new Set([...far, ...close])].filter((row) => upTo === null || row <= upTo);
      const { cuts, sizes } = await cut(rows, upTo === null ? {} : { upTo });
      const keys = cuts.map(([key]) => BigInt(key as string));
      expect(keys.length).toBeLessThanOrEqual(7);
      for (const [i, key] of keys.entries()) expect(key > (keys[i - 1] ?? 0n)).toBe(true);
      if (upTo !== null) expect(keys.every((key) => key < upTo)).toBe(true);
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(rows.length);
    }),
  );
});
