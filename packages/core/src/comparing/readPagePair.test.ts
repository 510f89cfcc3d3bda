import { expect, it } from 'vitest';
import type { PageLimits, RowPage } from '../ports/rowSource.ts';
import { FakeRowReader } from '../testing/fakeRowReader.ts';
import { readPagePairs } from './readPagePair.ts';

const rows = Array.from({ length: 3000 }, (_, i) => [String(i).padStart(5, '0'), 'x'] as const);

/** Rows of the base's pages, with servers that take so long for a row. */
async function pageRows(rowMs: number, limits: PageLimits): Promise<number[]> {
  const readers = { base: new FakeRowReader(rows), target: new FakeRowReader(rows) };
  const pages: number[] = [];
  const pairs = readPagePairs({
    range: { after: null, upTo: null },
    limits,
    readers,
    read: async (reader, range, of): Promise<RowPage> => {
      const page = await reader.readPage(range, of, new AbortController().signal);
      return { ...page, readMs: rowMs * page.rows };
    },
  });
  for await (const { pages: pair } of pairs) pages.push(pair.base.rows);
  return pages;
}

it('pages grow from a careful first one to the limit in rows', async () => {
  expect(await pageRows(0.001, { rows: 2000, bytes: 1e9 })).toEqual([1000, 2000, 0]);
});

it('pages fit the bytes', async () => {
  const pages = await pageRows(0.001, { rows: 2000, bytes: 5000 });
  expect(Math.max(...pages.slice(1))).toBeLessThan(500);
  expect(pages.reduce((a, b) => a + b)).toBe(3000);
});

it('where a server is slow, pages get shorter', async () => {
  const pages = await pageRows(20, { rows: 2000, bytes: 1e9 });
  expect(pages.slice(2).every((count) => count <= 100)).toBe(true);
  expect(pages.reduce((a, b) => a + b)).toBe(3000);
});
