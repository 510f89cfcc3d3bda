/** Reading totals and failures. */

import { describe, expect, it } from 'vitest';
import { NONE_PENDING } from '../../ledgering/tallies.ts';
import { type Bench, countsOf, LOST, plannedRun, RUN, specOf, tablesOf, tiledPlan } from './bench.ts';

export function testReadings(bench: Bench): void {
  describe('reading', () => {
    it('totals and failures of an unknown run are empty', async () => {
      expect(await bench.ledger.totals('unknown')).toEqual([]);
      expect(await bench.ledger.failures('unknown', 10)).toEqual({ total: 0, first: [] });
      expect(await bench.ledger.listShards('unknown', 0, 10)).toEqual([]);
      expect(await bench.ledger.listOpenShards('unknown')).toEqual([]);
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

    it('a list holds the headers, and the sums say the same as the totals', async () => {
      expect((await bench.ledger.sums('unknown')).shards.planned).toBe(0);
      await plannedRun(bench.ledger, [2, 1]);
      await bench.commit(await bench.hold(0), { rowsBase: 5 }, ['1']);
      await bench.split({ runId: RUN, shard: 0, attempt: 1 }, [['500']]);
      await bench.finish(await bench.hold(2), 'differs', { rowsBase: 2, neq: 1 });
      const header = await bench.ledger.getRun(RUN);
      expect(await bench.ledger.listRuns(10)).toEqual({ runs: [header], unreadable: [] });
      expect(await bench.ledger.sums(RUN)).toEqual({
        counts: countsOf({ rowsBase: 7, neq: 1 }),
        shards: { planned: 2, running: 1, match: 0, differs: 1, inconclusive: 0 },
        pending: NONE_PENDING,
      });
      const totals = await bench.ledger.totals(RUN);
      expect(totals.map(({ counts }) => counts.rowsBase)).toEqual([5, 2]);
      expect(totals.map(({ shards }) => shards.planned)).toEqual([2, 0]);
    });

    it('holders are the processes with shards in hand, and no shard that is done or given back counts', async () => {
      await plannedRun(bench.ledger, [4]);
      expect(await bench.ledger.holders(RUN)).toEqual([]);
      await bench.ledger.openShards(RUN, 4);
      const take = async (shard: number, holder: string) => {
        const claim = { runId: RUN, shard, holder, strikesMax: 10, now: 3000 };
        const claimed = await bench.ledger.claim(claim);
        return claimed.kind === 'claimed' ? claimed.hold : expect.unreachable(claimed.kind);
      };
      const [first] = [await take(0, 'host-1:7'), await take(1, 'host-1:7'), await take(2, 'host-2:8')];
      const last = await take(3, 'host-2:8');
      await bench.ledger.release(last);
      await bench.ledger.finish(
        first,
        { outcome: 'match', failure: null, checkpoint: null, add: countsOf({}) },
        4000,
      );
      const held = await bench.ledger.holders(RUN);
      expect(held.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
        { name: 'host-1:7', shards: 1 },
        { name: 'host-2:8', shards: 1 },
      ]);
      expect(await bench.ledger.holders('unknown')).toEqual([]);
    });

    it('a header does not grow with the spec, the plan or what was remarked', async () => {
      const sizeOf = async (runId: string) =>
        JSON.stringify(await bench.ledger.getRun(runId)).length - 2 * runId.length;
      await plannedRun(bench.ledger, [1], 'small');
      const names = Array.from({ length: 500 }, (_, i) => ({ name: `a_table_with_a_long_name_${i}` }));
      await bench.ledger.createRun(specOf('large', { tables: names }), 1000);
      const planning = await bench.ledger.beginPlanning('large');
      const shards = names.map(() => 1);
      await bench.ledger.addShards(planning, tiledPlan(shards));
      await bench.ledger.completePlan(planning, { tables: tablesOf(shards), now: 2000 });
      // The counts have more digits.
      expect((await sizeOf('large')) - (await sizeOf('small'))).toBeLessThan(10);
    });

    it('of a sound run nothing is missing, in any state', async () => {
      const expectSound = async () => expect(await bench.ledger.damageOf(RUN)).toEqual([]);
      await expectSound();
      await plannedRun(bench.ledger, [2, 0, 1]);
      await expectSound();
      await bench.ledger.openShards(RUN, 10);
      const held = await bench.hold(0);
      await expectSound();
      await bench.split(held, [['500']]);
      await bench.release(held);
      await expectSound();
      for (const shard of [0, 1, 2]) await bench.finish(await bench.hold(shard), 'inconclusive');
      await expectSound();
      await bench.ledger.settle(RUN, { verdict: 'inconclusive', failure: LOST, now: 9000 });
      await expectSound();
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
