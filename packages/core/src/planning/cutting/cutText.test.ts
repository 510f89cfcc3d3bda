import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from './cutText.ts';

type Order = (a: string, b: string) => number;
const byBytes: Order = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
/** Symbols, digits, letters, as most collations of today have it. */
const byCollator: Order = new Intl.Collator('en').compare;
const ignoringCase: Order = (a, b) => byBytes(a.toLowerCase(), b.toLowerCase());

async function cut(keys: readonly string[], wantedRows: number, order: Order) {
  const sorted = [...keys].sort(order);
  const keysWithin = ({ after, upTo }: KeyRange) =>
    sorted.filter(
      (key) =>
        (!after || order(key, after[0] as string) > 0) && (!upTo || order(key, upTo[0] as string) <= 0),
    );
  const asked = { questions: 0, stepped: 0 };
  const tuple = (key: string | undefined): KeyTuple | undefined => (key === undefined ? undefined : [key]);
  const ranges = await cutText({
    min: [sorted[0] as string],
    max: [sorted.at(-1) as string],
    wantedRows,
    estimate: async (range) => {
      asked.questions += 1;
      return keysWithin(range).length;
    },
    keyFrom: async (range, from) => {
      asked.questions += 1;
      return tuple(keysWithin(range).find((key) => order(key, from) >= 0));
    },
    keyBehind: async (range, rows) => {
      asked.stepped += 1;
      return tuple(keysWithin(range)[rows - 1]);
    },
  });
  return { ranges, sizes: ranges.map((range) => keysWithin(range).length), ...asked };
}

const words = Array.from({ length: 3000 }, (_, i) => (i * 7919).toString(36).padStart(4, 'k'));

it.each([
  ['words', words, byBytes],
  ['words in either case', words.map((word, i) => (i % 2 ? word.toUpperCase() : word)), ignoringCase],
  ['a long common beginning', words.map((word) => `https://shop.example/customers/${word}`), byBytes],
  [
    'UUIDs',
    Array.from({ length: 3000 }, (_, i) => `${(i * 1431655).toString(16).padStart(8, '0')}-0000`),
    byBytes,
  ],
] as const)('%s are cut within 3 times the wanted size by guesses', async (_name, keys, order) => {
  const { sizes, questions, stepped } = await cut(keys, 150, order);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(450);
  expect(sizes.reduce((a, b) => a + b)).toBe(keys.length);
  expect(questions).toBeLessThan(500);
  expect(stepped).toBeLessThan(10);
});

it('where guesses lead nowhere, keys are stepped over by count', async () => {
  const keys = Array.from({ length: 900 }, (_, i) => String.fromCodePoint(0x4e00 + i));
  const { sizes, stepped } = await cut(keys, 100, byBytes);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(300);
  expect(stepped).toBeGreaterThan(0);
});

it('keys that all lie between two guesses are not taken off row by row', async () => {
  const keys = Array.from({ length: 4000 }, (_, i) => `Word ${i * 7}`);
  const { sizes, questions, stepped } = await cut(keys, 100, byCollator);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(300);
  expect(questions + stepped).toBeLessThan(500);
});

it('for any keys and their order, the ranges tile everything', async () => {
  const keys = fc.uniqueArray(fc.string({ maxLength: 6 }), {
    minLength: 1,
    maxLength: 80,
    selector: (key) => key.toLowerCase(),
  });
  await fc.assert(
    fc.asyncProperty(
      keys,
      fc.constantFrom(byBytes, ignoringCase),
      fc.integer({ min: 1, max: 20 }),
      async (some, order, wanted) => {
        const { ranges, sizes } = await cut(some, wanted, order);
        expect(ranges[0]?.after).toBeNull();
        expect(ranges.at(-1)?.upTo).toBeNull();
        for (const [i, range] of ranges.slice(1).entries()) expect(range.after).toEqual(ranges[i]?.upTo);
        expect(sizes.reduce((a, b) => a + b)).toBe(some.length);
      },
    ),
    { numRuns: 200 },
  );
});
