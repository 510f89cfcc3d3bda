/** Reading totals and failures. */
import { describe, expect, it } from 'vitest';
import { type Bench, LOST, plannedRun, RUN } from './bench.ts';

export function testReadings(bench: Bench): void {
  describe('reading', () => {
    it('totals and failures of a run that nobody created are empty', async () => {
      expect(await bench.ledger.totals('nobody')).toEqual([]);
      expect(await bench.ledger.failures('nobody', 10)).toEqual({ total: 0, first: [] });
      expect(await bench.ledger.listShards('nobody', 0, 10)).toEqual([]);
      expect(await bench.ledger.listOpenShards('nobody')).toEqual([]);
    });

    it('totals know every table of the plan, a refused one too', async () => {
      await plannedRun(bench.ledger, [2, 0, 1]);
      await bench.hold(0);
      const none = { running: 0, match: 0, differs: 0, inconclusive: 0 };
      expect((await bench.ledger.totals(RUN)).map(({ shards }) => shards)).toEqual([
        { ...none, planned: 1, running: 1 },
        { ...none, planned: 0 },
        { ...none, planned: 1 },
      ]);
    });

    it('the first failures are kept in order, and all are counted', async () => {
      await plannedRun(bench.ledger, [2, 3]);
      for (const shard of [4, 0, 2]) await bench.finish(await bench.hold(shard), 'inconclusive');
      expect(await bench.ledger.failures(RUN, 2)).toEqual({
        total: 3,
        first: [
          { shard: 4, table: 1, failure: LOST },
          { shard: 0, table: 0, failure: LOST },
        ],
      });
      expect((await bench.ledger.failures(RUN, 0)).first).toEqual([]);
    });

    it('the store answers', async () => {
      await expect(bench.ledger.ping()).resolves.toBeUndefined();
    });
  });
}
