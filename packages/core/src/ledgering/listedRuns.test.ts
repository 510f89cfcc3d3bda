import type { RunHeader } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { RunPageQuery } from '../ports/ledger.ts';
import { listedRuns } from './listedRuns.ts';
import { pageOfRuns } from './runPages.ts';

/** Remembers what was asked for. */
function ledgerOf(next: RunPageQuery['after'] | null = null) {
  const asked: RunPageQuery[] = [];
  const pageRuns = async (query: RunPageQuery) => {
    asked.push(query);
    return { runs: [], unreadable: [], next: next ?? null };
  };
  return { asked, pageRuns };
}

it('a query is read to its last digit, and the next page is asked for by the cursor of the one before', async () => {
  const ledger = ledgerOf({ createdAt: 1_764_200_000_123, runId: 'orders-1.a_b' });
  const first = await listedRuns({ state: 'settled', verdict: 'inconsistent', limit: '7' }, ledger);
  expect(first).toEqual({ kind: 'page', runs: [], unreadable: [], next: '1764200000123~orders-1.a_b' });
  if (first.kind === 'page') await listedRuns({ cursor: first.next }, ledger);
  expect(ledger.asked).toEqual([
    { limit: 7, state: 'settled', verdict: 'inconsistent' },
    { limit: 200, after: { createdAt: 1_764_200_000_123, runId: 'orders-1.a_b' } },
  ]);
});

it.each<[object, string]>([
  [{ state: 'done' }, 'state'],
  [{ verdict: 'good' }, 'verdict'],
  [{ limit: '0' }, 'limit'],
  [{ limit: '201' }, 'limit'],
  [{ limit: '1e1' }, 'limit'],
  [{ limit: ['1', '2'] }, 'limit'],
  [{ cursor: 'abc' }, 'cursor'],
  [{ cursor: '1~' }, 'cursor'],
  [{ cursor: '1~a:b' }, 'cursor'],
  [{ size: '1' }, ''],
])('%j is refused with the parameter, and nothing is read', async (query, path) => {
  const ledger = ledgerOf();
  const listed = await listedRuns(query, ledger);
  expect(listed).toMatchObject({ kind: 'invalid', problems: [{ path: expect.stringContaining(path) }] });
  expect(ledger.asked).toEqual([]);
});

it('a page reads no more than a thousand headers, and an unreadable run is on it whatever the filter', async () => {
  let read = 0;
  const shelf = {
    placesAfter: async (place: RunPageQuery['after'], count: number) =>
      Array.from({ length: count }, (_, i) => ({
        createdAt: (place?.createdAt ?? 5000) - i - 1,
        runId: 'r',
      })),
    read: async (runId: string) => {
      read += 1;
      return { runId, state: 'running', verdict: null } as RunHeader;
    },
  };
  const page = await pageOfRuns({ limit: 10, state: 'settled' }, shelf);
  expect(page).toEqual({ runs: [], unreadable: [], next: { createdAt: 4000, runId: 'r' } });
  expect(read).toBe(1000);
});
