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

it('the next page is asked for by the cursor of the one before, to its last digit', async () => {
  const place = { createdAt: 1_764_200_000_123, runId: 'orders-1.a_b' };
  const ledger = ledgerOf(place);
  const first = await listedRuns({ state: 'settled', verdict: 'inconsistent', limit: 7 }, ledger);
  expect(first).toEqual({ runs: [], unreadable: [], next: '1764200000123~orders-1.a_b' });
  await listedRuns({ cursor: place }, ledger);
  expect(ledger.asked).toEqual([
    { limit: 7, state: 'settled', verdict: 'inconsistent' },
    { limit: 200, after: place },
  ]);
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
