/** Open shards: taken from the plan in order, within a window. */
import { describe, expect, it } from 'vitest';
import { type Bench, plannedRun, RUN, specOf } from './bench.ts';

export function testOpenShards(bench: Bench): void {
  describe('open shards', () => {
    it('are taken in the order of the plan until the window is full', async () => {
      await plannedRun(bench.ledger, [3, 3]);
      expect(await bench.ledger.openShards(RUN, 4)).toEqual([0, 1, 2, 3]);
      expect(await bench.ledger.openShards(RUN, 4)).toEqual([]);
      await bench.finish(await bench.hold(1));
      expect(await bench.ledger.openShards(RUN, 4)).toEqual([4]);
      expect(await bench.ledger.listOpenShards(RUN)).toEqual([0, 2, 3, 4]);
      expect(await bench.ledger.openShards(RUN, 100)).toEqual([5]);
    });

    it('a shard done before its turn is not opened', async () => {
      await plannedRun(bench.ledger, [3]);
      await bench.finish(await bench.hold(1));
      expect(await bench.ledger.openShards(RUN, 3)).toEqual([0, 2]);
    });

    it('a released shard stays open', async () => {
      await plannedRun(bench.ledger, [1]);
      await bench.ledger.openShards(RUN, 1);
      await bench.release(await bench.hold(0));
      expect(await bench.ledger.listOpenShards(RUN)).toEqual([0]);
    });

    it('none are opened for a run without a complete plan, or cancelled, or settled', async () => {
      expect(await bench.ledger.openShards('unknown', 5)).toEqual([]);
      await bench.ledger.createRun(specOf(RUN), 1000);
      expect(await bench.ledger.openShards(RUN, 5)).toEqual([]);
      await plannedRun(bench.ledger, [2], 'run-2');
      await bench.ledger.requestCancel('run-2');
      expect(await bench.ledger.openShards('run-2', 5)).toEqual([]);
      await plannedRun(bench.ledger, [2], 'run-3');
      await bench.ledger.settle('run-3', { verdict: 'inconclusive', failure: null, now: 3000 });
      expect(await bench.ledger.openShards('run-3', 5)).toEqual([]);
    });

    it('a large plan opens whole when the window is larger', async () => {
      await plannedRun(bench.ledger, [2500]);
      const all = Array.from({ length: 2500 }, (_, shard) => shard);
      expect(await bench.ledger.openShards(RUN, 10_000)).toEqual(all);
      expect(await bench.ledger.listOpenShards(RUN)).toEqual(all);
    });
  });
}
