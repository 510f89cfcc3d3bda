/** Holding shards: attempts, fencing, strikes, and counts that are added once. */

import { COUNT_NAMES, zeroCounts } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import { exhaustedFailure } from '../../ledgering/refusals.ts';
import { NONE_PENDING } from '../../ledgering/tallies.ts';
import {
  type Attempt,
  type Bench,
  countsOf,
  LOST,
  plannedRun,
  RUN,
  STRIKES_MAX,
  specOf,
  tiledPlan,
} from './bench.ts';

export function testHolds(bench: Bench): void {
  describe('holds', () => {
    it('a claim takes the shard under a new attempt', async () => {
      await plannedRun(bench.ledger, [2]);
      expect(await bench.claim(1, 'worker-7')).toMatchObject({
        kind: 'claimed',
        strikes: 1,
        planName: (await bench.ledger.getRun(RUN))?.planName,
        direction: 'SRC',
        generation: 1,
        shard: { ...tiledPlan([2])[1], state: 'running', attempt: 1, holder: 'worker-7', claimedAt: 3000 },
      });
    });

    it('a claim for another generation of the run is over, and costs no attempt', async () => {
      await plannedRun(bench.ledger, [1]);
      const claim = { runId: RUN, shard: 0, holder: 'late', strikesMax: STRIKES_MAX, now: 3000 };
      expect(await bench.ledger.claim({ ...claim, generation: 2 })).toEqual({ kind: 'over' });
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({ state: 'planned', attempt: 0 });
      expect(await bench.ledger.claim({ ...claim, generation: 1 })).toMatchObject({ kind: 'claimed' });
    });

    it('a second claim continues at the checkpoint and fences the first', async () => {
      await plannedRun(bench.ledger, [1]);
      const stale = await bench.hold(0);
      await bench.commit(stale, { rowsBase: 10 }, ['10']);
      const second = await bench.claim(0, 'worker-2');
      expect(second).toMatchObject({ shard: { attempt: 2, checkpoint: ['10'], counts: { rowsBase: 10 } } });
      expect(await bench.commit(stale, { rowsBase: 5 }, ['15'])).toEqual({ kind: 'fenced' });
      expect(await bench.finish(stale)).toEqual({ kind: 'fenced' });
      expect(await bench.release(stale)).toEqual({ kind: 'fenced' });
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({
        state: 'running',
        attempt: 2,
        checkpoint: ['10'],
      });
    });

    it('commits add up, in the shard and in the totals of its table', async () => {
      await plannedRun(bench.ledger, [1, 1]);
      const held = await bench.hold(1);
      const every = countsOf(Object.fromEntries(COUNT_NAMES.map((count, place) => [count, place + 1])));
      expect(await bench.commit(held, every, ['1'])).toEqual({ kind: 'written' });
      expect(await bench.commit(held, { neq: 2, rowsBase: 9_007_199_254_000_000 }, ['2'])).toEqual({
        kind: 'written',
      });
      const sums = { ...every, neq: every.neq + 2, rowsBase: every.rowsBase + 9_007_199_254_000_000 };
      expect(await bench.ledger.getShard(RUN, 1)).toMatchObject({
        counts: sums,
        checkpoint: ['2'],
        committedAt: 4000,
      });
      expect((await bench.ledger.totals(RUN)).map(({ counts }) => counts)).toEqual([zeroCounts(), sums]);
    });

    it('a write that does not build on the last one is fenced', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      const before = bench.lastOf(held);
      await bench.commit(held, { rowsBase: 10 }, ['10']);
      const progress = { checkpoint: ['20'], add: countsOf({ rowsBase: 10 }) };
      expect(await bench.ledger.commit(before, progress, 4000)).toEqual({ kind: 'fenced' });
      expect(await bench.ledger.split(before, [['30']])).toEqual({ kind: 'fenced' });
      expect(await bench.ledger.release(before)).toEqual({ kind: 'fenced' });
      const end = { ...progress, outcome: 'match', failure: null } as const;
      expect(await bench.ledger.finish(before, end, 5000)).toEqual({ kind: 'fenced' });
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({
        ...{ state: 'running', checkpoint: ['10'], counts: { rowsBase: 10 } },
      });
      expect(await bench.split(held, [['30']])).toEqual({ kind: 'written' });
      expect(await bench.finish(held)).toEqual({ kind: 'written' });
    });

    it('rows that stayed unstable are named once, with their table: the first of the run, and no more', async () => {
      await plannedRun(bench.ledger, [1, 2]);
      const rows = (from: number, count: number) =>
        Array.from({ length: count }, (_, i) => ({
          ...{ key: [`${from + i}`, 'a\n"ä'], type: 'neq' as const },
          ...{ columns: ['label', 'größe\n'], ageMs: 1000 + i },
        }));
      const stale = await bench.hold(2);
      expect((await bench.ledger.getRemarks(RUN)).unstable).toEqual([]);
      await bench.commit(stale, { unstable: 2 }, ['2'], rows(0, 2));
      const before = bench.lastOf(stale);
      const again = { checkpoint: ['2'], add: countsOf({ unstable: 2 }), unstable: rows(0, 2) };
      const next = await bench.hold(2);
      expect(await bench.ledger.commit(before, again, 4000)).toEqual({ kind: 'fenced' });
      const end = { checkpoint: null, add: countsOf({ unstable: 30 }), unstable: rows(100, 30) };
      const failure = { code: 'UNSTABLE_ROWS' as const, message: '30 rows' };
      await bench.ledger.finish(bench.lastOf(next), { ...end, outcome: 'inconclusive', failure }, 5000);
      const named = [...rows(0, 2), ...rows(100, 18)].map((row) => ({ shard: 2, table: 1, ...row }));
      expect((await bench.ledger.getRemarks(RUN)).unstable).toEqual(named);
    });

    it('from when to when keys were compared: the first claim and the last commit, outermost by the clocks', async () => {
      await plannedRun(bench.ledger, [2]);
      const times = async () => {
        const { comparedFrom, comparedTo } = (await bench.ledger.getRun(RUN)) ?? {};
        return { comparedFrom, comparedTo };
      };
      expect(await times()).toEqual({ comparedFrom: undefined, comparedTo: undefined });
      const claim = (shard: number, now: number) =>
        bench.ledger.claim({ runId: RUN, shard, holder: 'w', strikesMax: STRIKES_MAX, now });
      const first = await claim(0, 3000);
      await claim(1, 2500);
      expect(await times()).toEqual({ comparedFrom: 2500, comparedTo: undefined });
      const progress = { checkpoint: ['1'], add: zeroCounts() };
      if (first.kind !== 'claimed') throw new Error(first.kind);
      await bench.ledger.commit(first.hold, progress, 4000);
      const second = await claim(0, 6000);
      if (second.kind !== 'claimed') throw new Error(second.kind);
      await bench.ledger.finish(second.hold, { ...progress, outcome: 'match', failure: null }, 7000);
      await claim(1, 8000);
      expect(await times()).toEqual({ comparedFrom: 2500, comparedTo: 7000 });
      // What the first attempt committed counts; of shard 1 no attempt committed anything.
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({ claimedAt: 3000, finishedAt: 7000 });
      expect((await bench.ledger.getShard(RUN, 1))?.claimedAt).toBe(8000);
    });

    it('a commit without a checkpoint leaves the one before', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      await bench.commit(held, {}, ['7']);
      await bench.commit(held, { candidates: 1 }, null);
      expect((await bench.ledger.getShard(RUN, 0))?.checkpoint).toEqual(['7']);
    });

    it('a finished shard keeps its outcome: no claim, no second count', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      await bench.ledger.openShards(RUN, 1);
      expect(await bench.finish(held, 'differs', { neq: 1 })).toEqual({ kind: 'written' });
      expect(await bench.finish(held, 'match', { neq: 1 })).toEqual({ kind: 'fenced' });
      expect(await bench.commit(held, { neq: 1 })).toEqual({ kind: 'fenced' });
      expect(await bench.release(held)).toEqual({ kind: 'fenced' });
      expect(await bench.claim(0)).toEqual({ kind: 'done' });
      expect(await bench.ledger.listOpenShards(RUN)).toEqual([]);
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({ outcome: 'differs', finishedAt: 5000 });
      const shards = { planned: 0, running: 0, match: 0, differs: 1, inconclusive: 0 };
      expect(await bench.ledger.totals(RUN)).toEqual([
        { counts: countsOf({ neq: 1 }), shards, pending: NONE_PENDING },
      ]);
    });

    it('a failure is given exactly with the outcome inconclusive', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      const progress = { checkpoint: null, add: zeroCounts() };
      await expect(
        bench.ledger.finish(bench.lastOf(held), { ...progress, outcome: 'match', failure: LOST }, 1),
      ).rejects.toThrow();
      await expect(
        bench.ledger.finish(bench.lastOf(held), { ...progress, outcome: 'inconclusive', failure: null }, 1),
      ).rejects.toThrow();
      expect((await bench.ledger.getShard(RUN, 0))?.state).toBe('running');
    });

    it('a released shard is planned again, at its checkpoint', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      await bench.commit(held, { rowsBase: 3 }, ['3']);
      expect(await bench.release(held)).toEqual({ kind: 'written' });
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({
        state: 'planned',
        holder: null,
        checkpoint: ['3'],
      });
      expect(await bench.commit(held, { rowsBase: 3 })).toEqual({ kind: 'fenced' });
      expect(await bench.claim(0)).toMatchObject({
        kind: 'claimed',
        shard: { attempt: 2, checkpoint: ['3'] },
      });
    });

    it('an attempt more than the strikes allow ends the shard inconclusive', async () => {
      await plannedRun(bench.ledger, [1]);
      await bench.ledger.openShards(RUN, 1);
      for (let attempt = 1; attempt <= STRIKES_MAX; attempt++) {
        expect(await bench.claim(0)).toMatchObject({ kind: 'claimed', strikes: attempt });
      }
      const last = { runId: RUN, shard: 0, attempt: STRIKES_MAX };
      expect(await bench.claim(0)).toEqual({ kind: 'exhausted' });
      expect(await bench.claim(0)).toEqual({ kind: 'done' });
      expect(await bench.commit(last, { neq: 1 })).toEqual({ kind: 'fenced' });
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({
        state: 'done',
        outcome: 'inconclusive',
        failure: exhaustedFailure(0, STRIKES_MAX),
      });
      expect(await bench.ledger.listOpenShards(RUN)).toEqual([]);
      expect((await bench.ledger.totals(RUN))[0]?.shards).toMatchObject({
        planned: 0,
        running: 0,
        inconclusive: 1,
      });
      expect(await bench.ledger.failures(RUN, 10)).toMatchObject({
        total: 1,
        first: [{ shard: 0, table: 0 }],
      });
    });

    it('progress and releases are not strikes', async () => {
      await plannedRun(bench.ledger, [1]);
      for (let round = 0; round < 2 * STRIKES_MAX; round++) await bench.release(await bench.hold(0));
      for (let round = 0; round < 2 * STRIKES_MAX; round++)
        await bench.commit(await bench.hold(0), { rowsBase: 1 }, [`${round}`]);
      expect(await bench.claim(0)).toMatchObject({ kind: 'claimed', strikes: 1 });
    });

    it('what an attempt has read and not committed is told until it ends, and is no progress', async () => {
      await plannedRun(bench.ledger, [2]);
      const pendingOf = async () => (await bench.ledger.sums(RUN)).pending;
      const tell = async (attempt: Attempt, rows: number) => {
        const progress = { checkpoint: null, add: zeroCounts(), pending: { rows, candidates: rows / 10 } };
        const written = await bench.ledger.commit(bench.lastOf(attempt), progress, 3000);
        if (written.kind === 'written') bench.keep(written.hold);
      };
      const [first, second] = [await bench.hold(0), await bench.hold(1)];
      await tell(first, 100);
      await tell(second, 30);
      await tell(first, 50);
      expect(await pendingOf()).toEqual({ rows: 80, candidates: 8 });
      await bench.release(second);
      expect(await pendingOf()).toEqual({ rows: 50, candidates: 5 });
      // Another attempt begins, as after a crash: nothing is pending, and the first one got no further.
      expect(await bench.claim(0)).toMatchObject({ kind: 'claimed', strikes: 2 });
      expect(await pendingOf()).toEqual(NONE_PENDING);
      const last = await bench.hold(0);
      await tell(last, 40);
      await bench.finish(last, 'match');
      expect(await pendingOf()).toEqual(NONE_PENDING);
    });

    it('a cancelled or settled run takes no claim and no write', async () => {
      for (const [runId, end] of [
        ['run-2', () => bench.ledger.requestCancel('run-2')],
        ['run-3', () => bench.ledger.settle('run-3', { verdict: 'inconclusive', failure: null, now: 9000 })],
      ] as const) {
        await plannedRun(bench.ledger, [2], runId);
        const claimed = await bench.claim(0, 'worker-1', runId);
        expect(claimed.kind).toBe('claimed');
        const held = { runId, shard: 0, attempt: 1 };
        await end();
        expect(await bench.commit(held, { neq: 1 })).toEqual({ kind: 'over' });
        expect(await bench.finish(held, 'match', { neq: 1 })).toEqual({ kind: 'over' });
        expect(await bench.release(held)).toEqual({ kind: 'over' });
        expect(await bench.claim(1, 'worker-1', runId)).toEqual({ kind: 'over' });
        expect((await bench.ledger.totals(runId))[0]?.counts).toEqual(zeroCounts());
      }
    });

    it('what is not there cannot be claimed or written', async () => {
      expect(await bench.claim(0)).toEqual({ kind: 'unknown' });
      expect(await bench.finish({ runId: RUN, shard: 0, attempt: 1 })).toEqual({ kind: 'over' });
      await bench.ledger.createRun(specOf(RUN), 1000);
      expect(await bench.claim(0)).toEqual({ kind: 'over' });
      await plannedRun(bench.ledger, [1], 'run-2');
      expect(await bench.claim(1, 'worker-1', 'run-2')).toEqual({ kind: 'unknown' });
      expect(await bench.finish({ runId: 'run-2', shard: 0, attempt: 1 })).toEqual({ kind: 'fenced' });
    });

    it('of many claims at once, each has its own attempt, and one finish is counted', async () => {
      await plannedRun(bench.ledger, [1]);
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, worker) =>
          bench.ledger.claim({
            runId: RUN,
            shard: 0,
            holder: `worker-${worker}`,
            strikesMax: 100,
            now: 3000,
          }),
        ),
      );
      const holds = claims.flatMap((claim) => (claim.kind === 'claimed' ? [claim.hold] : []));
      const attempts = holds.map(({ attempt }) => attempt);
      expect([...attempts].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      const ends = await Promise.all(
        holds.map((hold) => {
          const add = countsOf({ neq: hold.attempt });
          return bench.ledger.finish(
            hold,
            { checkpoint: null, add, outcome: 'differs', failure: null },
            5000,
          );
        }),
      );
      expect(ends.filter(({ kind }) => kind === 'written')).toHaveLength(1);
      const shards = { planned: 0, running: 0, match: 0, differs: 1, inconclusive: 0 };
      expect(await bench.ledger.totals(RUN)).toEqual([
        { counts: countsOf({ neq: 20 }), shards, pending: NONE_PENDING },
      ]);
    });
  });
}
