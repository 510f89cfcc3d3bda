/** Pages of the list of runs: each run once, the newest first, also when runs are ordered meanwhile. */
import type { RunPlace } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import type { RunPageQuery } from '../../ports/ledger.ts';
import { type Bench, LOST, plannedRun, specOf } from './bench.ts';

export function testRunPages(bench: Bench): void {
  const pagesOf = async (query: RunPageQuery, between: () => Promise<void> = async () => {}) => {
    const pages: string[][] = [];
    let after: RunPlace | null | undefined;
    do {
      const page = await bench.ledger.pageRuns({ ...query, ...(after ? { after } : {}) });
      pages.push(page.runs.map(({ runId }) => runId));
      after = page.next;
      await between();
    } while (after);
    return pages;
  };

  describe('pages of runs', () => {
    it('pages hold each run once, the newest first, and of one time the later id; new runs change no later page', async () => {
      for (const id of ['b', 'c', 'a', 'B', 'a.1']) await bench.ledger.createRun(specOf(id), 1000);
      await bench.ledger.createRun(specOf('old'), 900);
      await bench.ledger.createRun(specOf('new'), 1100);
      const all = ['new', 'c', 'b', 'a.1', 'a', 'B', 'old'];
      expect(await pagesOf({ limit: 10 })).toEqual([all]);
      expect(await pagesOf({ limit: 7 })).toEqual([all]);
      let time = 2000;
      const order = async () => void (await bench.ledger.createRun(specOf(`late-${time}`), time++));
      expect(await pagesOf({ limit: 3 }, order)).toEqual([['new', 'c', 'b'], ['a.1', 'a', 'B'], ['old']]);
      expect(await pagesOf({ limit: 1, after: { createdAt: 1000, runId: 'a.1' } })).toEqual([
        ['a'],
        ['B'],
        ['old'],
      ]);
      expect(await bench.ledger.pageRuns({ limit: 9, after: { createdAt: 1, runId: 'x' } })).toEqual({
        ...{ runs: [], unreadable: [], next: null },
      });
    });

    it('a page goes on behind a run that was deleted meanwhile', async () => {
      for (const [i, id] of ['a', 'b', 'c'].entries()) await bench.ledger.createRun(specOf(id), 1000 + i);
      const { next } = await bench.ledger.pageRuns({ limit: 1 });
      await bench.ledger.settle('c', { verdict: 'inconclusive', failure: LOST, now: 3000 });
      await bench.ledger.deleteRun('c');
      const page = await bench.ledger.pageRuns({ limit: 1, ...(next ? { after: next } : {}) });
      expect(page.runs.map(({ runId }) => runId)).toEqual(['b']);
    });

    it('a filter leaves the others out, and a page of which many were left out ends with the place to go on', async () => {
      for (let i = 0; i < 120; i += 1) await bench.ledger.createRun(specOf(`accepted-${i}`), 2000 + i);
      await plannedRun(bench.ledger, [1], 'running');
      for (const verdict of ['consistent', 'inconsistent'] as const) {
        await bench.ledger.createRun(specOf(verdict), 500);
        await bench.ledger.settle(verdict, { verdict, failure: null, now: 3000 });
      }
      expect(await pagesOf({ limit: 5, state: 'settled' })).toEqual([['inconsistent', 'consistent']]);
      expect(await pagesOf({ limit: 5, verdict: 'consistent' })).toEqual([['consistent']]);
      expect(await pagesOf({ limit: 5, state: 'running' })).toEqual([['running']]);
      expect(await pagesOf({ limit: 5, state: 'running', verdict: 'consistent' })).toEqual([[]]);
      expect((await pagesOf({ limit: 7, state: 'accepted' })).flat()).toHaveLength(120);
    });
  });
}
