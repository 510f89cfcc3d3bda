/** Shards whose results come from an earlier run: done before the run begins, and counted like its own. */
import type { PlannedShard } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import { NONE_PENDING } from '../../ledgering/tallies.ts';
import { type Bench, countsOf, inheritedShard, LOST, RUN, specOf, tablesOf, tiledPlan } from './bench.ts';

export function testInheritedShards(bench: Bench): void {
  const SHARDS = [3, 1];
  /** Of table 0 the first and the last shard. */
  const planWithInherited = async () => {
    await bench.ledger.createRun(specOf(RUN), 1000);
    const planning = await bench.ledger.beginPlanning(RUN);
    await bench.ledger.addShards(planning, tiledPlan(SHARDS));
    const lost = { outcome: 'inconclusive', failure: LOST, finishedAt: 300 } as const;
    const differs = { outcome: 'differs', counts: countsOf({ rowsBase: 1, neq: 4 }) } as const;
    const inherited = [inheritedShard(0, differs), inheritedShard(2, { ...lost, checkpoint: null })];
    // A write whose answer was lost is sent again.
    for (const _ of [1, 2])
      expect(await bench.ledger.inheritShards(planning, inherited)).toEqual({ kind: 'written' });
    return { planning, inherited };
  };

  describe('inherited shards', () => {
    it('they are done with their old results and times, and totals and failures count each of them once', async () => {
      const { planning, inherited } = await planWithInherited();
      await bench.ledger.completePlan(planning, { tables: tablesOf(SHARDS), now: 2000 });
      const shards = await bench.ledger.listShards(RUN, 0, 10);
      const planned = tiledPlan(SHARDS) as readonly PlannedShard[];
      expect([shards[0], shards[2]]).toEqual(
        inherited.map((shard) => ({ ...planned[shard.shard], ...shard, state: 'done', holder: null })),
      );
      for (const own of [shards[1], shards[3]]) {
        expect(own).toMatchObject({ state: 'planned', attempt: 0 });
        expect(own).not.toHaveProperty('inheritedFrom');
      }
      const none = { planned: 1, running: 0, match: 0, differs: 0, inconclusive: 0 };
      expect(await bench.ledger.totals(RUN)).toEqual([
        {
          counts: countsOf({ rowsBase: 10, rowsTarget: 8, neq: 4 }),
          shards: { ...none, differs: 1, inconclusive: 1 },
          pending: NONE_PENDING,
        },
        { counts: countsOf({}), shards: none, pending: NONE_PENDING },
      ]);
      expect(await bench.ledger.failures(RUN, 9)).toEqual({
        ...{ total: 1, first: [{ shard: 2, table: 0, failure: LOST }] },
      });
      expect(await bench.ledger.damageOf(RUN)).toEqual([]);
      expect((await bench.ledger.getRun(RUN))?.comparedFrom).toBeUndefined();
    });

    it('they are neither opened nor claimed nor split, and the verdict is made of them and the others', async () => {
      const { planning } = await planWithInherited();
      await bench.ledger.completePlan(planning, { tables: tablesOf(SHARDS), now: 2000 });
      expect(await bench.ledger.openShards(RUN, 10)).toEqual([1, 3]);
      expect(await bench.claim(0)).toEqual({ kind: 'done' });
      const held = await bench.hold(1);
      expect(await bench.split(held, [['1500']])).toEqual({ kind: 'written' });
      await bench.finish(held);
      await bench.finish(await bench.hold(3));
      const end = { verdict: 'inconclusive', failure: null, now: 3000 } as const;
      const settle = (doneShards: number) =>
        bench.ledger.settle(RUN, { ...end, basis: { changed: [], doneShards } });
      expect(await settle(4)).toBe(false);
      await bench.finish(await bench.hold(4));
      expect(await settle(5)).toBe(true);
    });

    it('planning again drops them, and an earlier planning brings none back', async () => {
      const { planning } = await planWithInherited();
      const next = await bench.ledger.beginPlanning(RUN);
      expect(await bench.ledger.inheritShards(planning, [inheritedShard(1)])).toEqual({ kind: 'fenced' });
      await bench.ledger.addShards(next, tiledPlan([1]));
      await bench.ledger.completePlan(next, { tables: tablesOf([1]), now: 2000 });
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({ state: 'planned', attempt: 0 });
      expect((await bench.ledger.sums(RUN)).counts).toEqual(countsOf({}));
      expect((await bench.ledger.failures(RUN, 9)).total).toBe(0);
    });

    it('a shard that is not in the plan is refused', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      const planning = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(planning, tiledPlan([1]));
      await expect(bench.ledger.inheritShards(planning, [inheritedShard(1)])).rejects.toMatchObject({
        ...{ class: 'invariant', code: 'INTERNAL' },
      });
    });
  });
}
