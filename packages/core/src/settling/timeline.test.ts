import { TIMELINE_STEPS_MAX } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ShardMark } from '../ports/ledger.ts';
import { Timeline } from './timeline.ts';

const MARK: ShardMark = {
  ...{ table: 0, after: null, upTo: null, holdsKeys: false, state: 'match', isInherited: false },
  ...{ rows: 0, confirmed: 0, converged: 0, slowestMs: 0, claimedAt: null, committedAt: null },
};

it('the rows of a shard are spread over the time that it took', () => {
  const timeline = new Timeline(1000, 1400);
  timeline.add({ ...MARK, rows: 300, claimedAt: 1050, committedAt: 1350 });
  expect(timeline.told()).toMatchObject({ from: 1000, stepMs: 100, rows: [50, 100, 100, 50] });
});

it('what a shard found is told at its end; the slowest is the slowest of its step', () => {
  const timeline = new Timeline(0, 300);
  timeline.add({ ...MARK, confirmed: 2, converged: 1, slowestMs: 500, claimedAt: 10, committedAt: 150 });
  timeline.add({ ...MARK, confirmed: 3, slowestMs: 4000, claimedAt: 10, committedAt: 160 });
  expect(timeline.told()).toMatchObject({
    confirmed: [0, 5, 0],
    converged: [0, 1, 0],
    slowestMs: [0, 4000, 0],
  });
});

it('a shard of an earlier run, or one without a commit, is not in it', () => {
  const timeline = new Timeline(0, 300);
  timeline.add({ ...MARK, rows: 10, claimedAt: 10, committedAt: 150, isInherited: true });
  timeline.add({ ...MARK, rows: 10, claimedAt: 10 });
  expect(timeline.told()?.rows).toEqual([0, 0, 0]);
});

it('of any shards in any time, the steps are bounded and hold every row', () => {
  const times = fc.tuple(fc.nat(10_000_000), fc.nat(10_000_000), fc.nat(1_000_000));
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.array(times, { maxLength: 30 }), (length, shards) => {
      const timeline = new Timeline(0, length);
      for (const [begin, took, rows] of shards)
        timeline.add({ ...MARK, rows, claimedAt: begin, committedAt: begin + took });
      const told = timeline.told()?.rows ?? [];
      expect(told.length).toBeLessThanOrEqual(TIMELINE_STEPS_MAX);
      const sumOf = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
      expect(sumOf(told)).toBe(sumOf(shards.map(([, , rows]) => rows)));
    }),
  );
});
