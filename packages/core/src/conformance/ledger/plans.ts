/** Plans: written in order, from open to open, completed once. */
import { type PlannedShard, zeroCounts } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import { type Bench, plannedRun, REFUSED, RUN, specOf, tablesOf, tiledPlan } from './bench.ts';

export function testPlans(bench: Bench): void {
  describe('plans', () => {
    it('a complete plan makes the run ready for work', async () => {
      const { name: planName } = await plannedRun(bench.ledger, [2, 0, 1]);
      const counted = { tableCount: 3, shards: 3, plannedAt: 2000 };
      expect(await bench.ledger.getRun(RUN)).toMatchObject({ state: 'running', planName, ...counted });
      expect(await bench.ledger.getPlan(RUN, planName)).toEqual({ tables: tablesOf([2, 0, 1]) });
      expect(await bench.ledger.getPlan(RUN, 'another')).toBeUndefined();
      expect(await bench.ledger.getPlan('unknown', planName)).toBeUndefined();
      expect(await bench.ledger.listShards(RUN, 0, 10)).toMatchObject(tiledPlan([2, 0, 1]));
    });

    it('a shard without a claim is planned, with nothing counted', async () => {
      await plannedRun(bench.ledger, [1]);
      expect(await bench.ledger.getShard(RUN, 0)).toEqual({
        ...tiledPlan([1])[0],
        state: 'planned',
        attempt: 0,
        holder: null,
        checkpoint: null,
        counts: zeroCounts(),
        outcome: null,
        failure: null,
        claimedAt: null,
        committedAt: null,
        finishedAt: null,
      });
      expect(await bench.ledger.getShard(RUN, 1)).toBeUndefined();
      expect(await bench.ledger.getShard('unknown', 0)).toBeUndefined();
    });

    it('keys keep every digit and every character', async () => {
      const key = ['18446744073709551615', '', 'a\nb\u0000"\\\u{1f600}', '00ff'];
      await bench.ledger.createRun(specOf(RUN), 1000);
      const planning = await bench.ledger.beginPlanning(RUN);
      const plan = [
        { shard: 0, table: 0, range: { after: null, upTo: key } },
        { shard: 1, table: 0, range: { after: key, upTo: null } },
      ];
      await bench.ledger.addShards(planning, plan);
      await bench.ledger.completePlan(planning, { tables: tablesOf([2]), now: 2000 });
      await bench.commit(await bench.hold(1), {}, key);
      expect(await bench.ledger.listShards(RUN, 0, 2)).toMatchObject(plan);
      expect((await bench.ledger.getShard(RUN, 1))?.checkpoint).toEqual(key);
    });

    it('a plan can be written in many calls, and a call made twice adds nothing', async () => {
      const plan = tiledPlan([5, 4]);
      await bench.ledger.createRun(specOf(RUN), 1000);
      const planning = await bench.ledger.beginPlanning(RUN);
      for (const part of [plan.slice(0, 3), plan.slice(0, 3), plan.slice(2, 7), plan.slice(7)]) {
        await bench.ledger.addShards(planning, part);
      }
      await bench.ledger.completePlan(planning, { tables: tablesOf([5, 4]), now: 2000 });
      expect(await bench.ledger.listShards(RUN, 0, 100)).toMatchObject(plan);
      expect(await bench.ledger.listShards(RUN, 7, 1)).toMatchObject([plan[7]]);
    });

    it('planning again drops what an unfinished planning wrote', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      const planning = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(planning, tiledPlan([7]).slice(0, 4));
      const again = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(again, tiledPlan([2]));
      await bench.ledger.completePlan(again, { tables: tablesOf([2]), now: 2000 });
      expect(await bench.ledger.listShards(RUN, 0, 100)).toMatchObject(tiledPlan([2]));
      expect((await bench.ledger.totals(RUN))[0]?.shards.planned).toBe(2);
    });

    it('a complete plan takes no shard more, is not planned again and is completed once', async () => {
      const planning = await plannedRun(bench.ledger, [2]);
      await expect(bench.ledger.addShards(planning, tiledPlan([1]))).rejects.toThrow();
      await expect(bench.ledger.beginPlanning(RUN)).rejects.toThrow();
      expect(await bench.ledger.completePlan(planning, { tables: tablesOf([2]), now: 9000 })).toEqual({
        kind: 'over',
      });
      expect(await bench.ledger.refusePlan(planning, REFUSED, 9000)).toEqual({ kind: 'over' });
      expect((await bench.ledger.getRun(RUN))?.plannedAt).toBe(2000);
    });

    it('shards of a run that is not planning are refused', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      const planning = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.settle(RUN, { verdict: 'inconclusive', failure: REFUSED, now: 2000 });
      await expect(bench.ledger.addShards(planning, tiledPlan([1]))).rejects.toThrow();
      await expect(
        bench.ledger.addShards({ ...planning, runId: 'unknown' }, tiledPlan([1])),
      ).rejects.toThrow();
      await expect(bench.ledger.beginPlanning('unknown')).rejects.toThrow();
    });

    it('a planning that was begun again can write nothing, complete nothing and refuse nothing', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      const asleep = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(asleep, tiledPlan([3]).slice(0, 1));
      const awake = await bench.ledger.beginPlanning(RUN);
      const fenced = { kind: 'fenced' };
      const expectFenced = async () => {
        expect(await bench.ledger.addShards(asleep, tiledPlan([3]).slice(1))).toEqual(fenced);
        expect(await bench.ledger.completePlan(asleep, { tables: tablesOf([3]), now: 2000 })).toEqual(fenced);
        expect(await bench.ledger.refusePlan(asleep, REFUSED, 2000)).toEqual(fenced);
      };
      await expectFenced();
      expect(await bench.ledger.addShards(awake, tiledPlan([2]))).toEqual({ kind: 'written' });
      await expectFenced();
      expect(await bench.ledger.completePlan(awake, { tables: tablesOf([2]), now: 3000 })).toEqual({
        kind: 'written',
      });
      await expectFenced();
      expect(await bench.ledger.getRun(RUN)).toMatchObject({ state: 'running', shards: 2, plannedAt: 3000 });
    });

    it('a plan that cannot be made settles the run, with the reason', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      const planning = await bench.ledger.beginPlanning(RUN);
      expect(await bench.ledger.refusePlan(planning, REFUSED, 2000)).toEqual({ kind: 'written' });
      expect(await bench.ledger.getRun(RUN)).toMatchObject({
        state: 'settled',
        verdict: 'inconclusive',
        failure: REFUSED,
        settledAt: 2000,
      });
      expect(await bench.ledger.openRuns()).toEqual([]);
    });

    const [first, second, third] = tiledPlan([3]) as [PlannedShard, PlannedShard, PlannedShard];
    const untiled: readonly (readonly [string, readonly PlannedShard[]])[] = [
      ['a gap', [first, { ...third, shard: 1 }]],
      ['an overlap', [first, second, { ...third, range: { after: ['1500'], upTo: null } }]],
      [
        'a closed beginning',
        [
          { ...second, shard: 0 },
          { ...third, shard: 1 },
        ],
      ],
      ['a closed end', [first, second]],
      ['a missing index', [first, third]],
      ['more shards than its tables say', tiledPlan([4])],
    ];
    it.each(untiled)('a plan with %s is never complete', async (_, plan) => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      const planning = await bench.ledger.beginPlanning(RUN);
      const write = async () => {
        await bench.ledger.addShards(planning, plan);
        const shards = Math.min(plan.length, 3);
        await bench.ledger.completePlan(planning, { tables: tablesOf([shards]), now: 2000 });
      };
      await expect(write()).rejects.toThrow();
      expect((await bench.ledger.getRun(RUN))?.state).toBe('planning');
    });
  });
}
