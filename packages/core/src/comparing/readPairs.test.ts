import { expect, it } from 'vitest';
import { FakeRowReader } from '../testing/fakeRowReader.ts';
import type { PagePair } from './pagePair.ts';
import { readPairs } from './readPairs.ts';

const key = (n: number) => String(n).padStart(6, '0');
const rowsOf = (count: number, from = 0, step = 1) =>
  Array.from({ length: count }, (_, i) => [key(from + i * step), 'x'] as const);

interface Read {
  readonly pairs: readonly { readonly base: number; readonly target: number }[];
  readonly readers: { readonly base: FakeRowReader; readonly target: FakeRowReader };
}

async function read(
  base: readonly (readonly [string, string])[],
  target: readonly (readonly [string, string])[],
  limits = { rows: 1000, bytes: 1e9 },
): Promise<Read> {
  const readers = { base: new FakeRowReader(base), target: new FakeRowReader(target) };
  const pairs: { base: number; target: number }[] = [];
  let last: PagePair | undefined;
  const reading = readPairs({
    range: { after: null, upTo: null },
    limits,
    readers,
    signal: new AbortController().signal,
    clock: { steadyNow: () => 0 },
    retried: (step) => step(),
  });
  for await (const pair of reading) {
    // The ranges tile: each begins where the one before ended.
    expect(pair.range.after).toEqual(last ? last.range.upTo : null);
    pairs.push({ base: pair.pages.base.rows, target: pair.pages.target.rows });
    last = pair;
  }
  expect(last?.isLast).toBe(true);
  expect(last?.range.upTo).toBeNull();
  const sum = (side: 'base' | 'target') => pairs.reduce((all, pair) => all + pair[side], 0);
  expect({ base: sum('base'), target: sum('target') }).toEqual({ base: base.length, target: target.length });
  return { pairs, readers };
}

it('equal sides come in pages of the limit, from one stream a side', async () => {
  const { pairs } = await read(rowsOf(2500), rowsOf(2500));
  expect(pairs).toEqual([
    { base: 1000, target: 1000 },
    { base: 1000, target: 1000 },
    { base: 500, target: 500 },
  ]);
});

it('pages fit the bytes', async () => {
  const { pairs } = await read(rowsOf(3000), rowsOf(3000), { rows: 2000, bytes: 5000 });
  expect(Math.max(...pairs.map(({ base }) => base))).toBeLessThan(500);
});

it('a row that one side lacks shifts the cut, not the pages behind it', async () => {
  const { pairs } = await read(rowsOf(2000), rowsOf(1999, 1));
  expect(pairs).toEqual([
    { base: 1000, target: 999 },
    { base: 1000, target: 1000 },
  ]);
});

it('an empty side and one that ends early', async () => {
  expect((await read(rowsOf(2500), [])).pairs).toHaveLength(3);
  expect((await read([], rowsOf(2500))).pairs).toHaveLength(3);
  await read(rowsOf(2500), rowsOf(100));
  await read([], []);
});

it('sides without a common row are still read to their ends, page by page', async () => {
  await read(rowsOf(3000, 0, 2), rowsOf(3000, 1, 2), { rows: 50, bytes: 1e9 });
  await read(rowsOf(3000), rowsOf(3000, 10_000), { rows: 50, bytes: 1e9 });
  await read(rowsOf(20), rowsOf(5000, 7), { rows: 50, bytes: 1e9 });
});

it('more rows than one stream may have go on in the next ones', async () => {
  const count = 300_000;
  const { pairs } = await read(rowsOf(count), rowsOf(count - 5, 5), { rows: 100_000, bytes: 1e9 });
  expect(pairs.length).toBeLessThan(8);
});
