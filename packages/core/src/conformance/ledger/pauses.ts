/** Pausing a run: no claim, no opened shard; its holders can still write, and learn of it. */
import { describe, expect, it } from 'vitest';
import { type Bench, LOST, plannedRun, RUN, specOf, tablesOf, tiledPlan } from './bench.ts';

export function testPauses(bench: Bench): void {
  const timesOf = async () => {
    const { pausedAt, pausedMs } = (await bench.ledger.getRun(RUN)) ?? {};
    return { pausedAt, pausedMs };
  };

  describe('pauses', () => {
    it('a paused run gets no claim and costs none a strike; what is held can be committed and handed back', async () => {
      await plannedRun(bench.ledger, [3]);
      expect(await bench.ledger.openShards(RUN, 2)).toEqual([0, 1]);
      const held = await bench.hold(0);
      await bench.ledger.pause(RUN, 4000);
      expect(await bench.claim(1)).toEqual({ kind: 'paused' });
      expect(await bench.claim(0, 'other')).toEqual({ kind: 'paused' });
      expect(await bench.ledger.openShards(RUN, 3)).toEqual([]);
      expect(await bench.commit(held, { rowsBase: 3 }, ['3'])).toEqual({ kind: 'written' });
      expect(await bench.release(held)).toEqual({ kind: 'written' });
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({
        ...{ state: 'planned', attempt: 1, checkpoint: ['3'] },
      });
      expect(await bench.ledger.getShard(RUN, 1)).toMatchObject({ state: 'planned', attempt: 0 });
      await bench.ledger.resume(RUN, 5000);
      expect(await bench.claim(0)).toMatchObject({
        kind: 'claimed',
        strikes: 1,
        shard: { checkpoint: ['3'] },
      });
      expect(await bench.ledger.openShards(RUN, 3)).toEqual([2]);
    });

    it('a run that is paused before it is planned stays paused when its plan is complete', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      expect(await bench.ledger.pause(RUN, 1500)).toBe(true);
      const planning = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(planning, tiledPlan([1]));
      await bench.ledger.completePlan(planning, { tables: tablesOf([1]), now: 2000 });
      expect(await bench.claim(0)).toEqual({ kind: 'paused' });
      expect(await timesOf()).toEqual({ pausedAt: 1500, pausedMs: 0 });
      await bench.ledger.resume(RUN, 2600);
      // From the plan on: nothing could be compared before.
      expect(await timesOf()).toEqual({ pausedAt: null, pausedMs: 600 });
    });

    it('the time of pauses adds up; a second pause or resume in a row changes nothing', async () => {
      await plannedRun(bench.ledger, [1]);
      for (const now of [3000, 3300]) expect(await bench.ledger.pause(RUN, now)).toBe(true);
      expect(await timesOf()).toEqual({ pausedAt: 3000, pausedMs: 0 });
      for (const now of [3500, 3900]) expect(await bench.ledger.resume(RUN, now)).toBe(true);
      expect(await timesOf()).toEqual({ pausedAt: null, pausedMs: 500 });
      await bench.ledger.pause(RUN, 4000);
      // A clock that is behind.
      await bench.ledger.resume(RUN, 3990);
      expect(await timesOf()).toEqual({ pausedAt: null, pausedMs: 500 });
      await bench.ledger.pause(RUN, 5000);
      await bench.ledger.settle(RUN, { verdict: 'inconclusive', failure: LOST, now: 5100 });
      expect(await timesOf()).toEqual({ pausedAt: null, pausedMs: 600 });
    });

    it('holders learn what to do from one read of many runs', async () => {
      for (const runId of ['works', 'rests', 'cancelled', 'settled', 'rests-cancelled'])
        await plannedRun(bench.ledger, [1], runId);
      await bench.ledger.createRun(specOf('unplanned'), 1000);
      for (const runId of ['rests', 'rests-cancelled']) await bench.ledger.pause(runId, 3000);
      for (const runId of ['cancelled', 'rests-cancelled']) await bench.ledger.requestCancel(runId);
      await bench.ledger.settle('settled', { verdict: 'inconclusive', failure: LOST, now: 3000 });
      const asked = {
        ...{ works: 'work', rests: 'pause', cancelled: 'stop', settled: 'stop' },
        ...{ 'rests-cancelled': 'stop', unplanned: 'stop', unknown: 'stop', 'no:id': 'stop' },
      };
      expect(await bench.ledger.runIntents(Object.keys(asked))).toEqual(Object.values(asked));
      expect(await bench.ledger.runIntents([])).toEqual([]);
    });
  });
}
