import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededDraws } from '../hashing/draws.ts';
import { ConvergenceTimes } from '../shards/convergenceTimes.ts';
import { recheckPolicy } from './recheckPolicy.ts';

/** As the worker has it, less the longest wait of a spec. */
const SILENCE_MS_MAX = 15 * 60_000 - 5 * 60_000;
const AUTO = { stillMs: 'auto' } as const;

it('five looks take the time to stand still, and all looks together stay within the silence of a shard', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(3_600_000), (seed, slowestMs) => {
      const policy = recheckPolicy(AUTO, { slowestMs }, seededDraws(seed));
      const { delayMs, earlyLooks, looks, looksMax, stillMs } = policy;
      const spanMs = (count: number) =>
        Array.from({ length: count }, (_, had) => delayMs({ looks: had, earlyLooks })).reduce(
          (sum, delay) => sum + delay,
          0,
        );
      expect(looks).toBe(5);
      expect(stillMs()).toBeGreaterThanOrEqual(5000);
      expect(spanMs(5)).toBeGreaterThanOrEqual(stillMs());
      // A row that stands still at the last of all looks gets the time to do so for long enough.
      expect(spanMs(looksMax) + stillMs()).toBeLessThan(SILENCE_MS_MAX);
    }),
  );
});

it('a slow convergence in one run makes no other run wait', () => {
  const times = new ConvergenceTimes();
  times.ofRun('slow').observe(4000);
  const stillMsOf = (runId: string) => recheckPolicy(AUTO, times.ofRun(runId), seededDraws(runId)).stillMs();
  expect(stillMsOf('slow')).toBe(12_000);
  expect(stillMsOf('other')).toBe(5000);
});

it('the times of the runs that were used last are remembered, and no more than those', () => {
  const times = new ConvergenceTimes();
  times.ofRun('first').observe(4000);
  for (let i = 0; i < 15; i += 1) times.ofRun(`run-${i}`);
  expect(times.ofRun('first').slowestMs).toBe(4000);
  for (let i = 0; i < 16; i += 1) times.ofRun(`later-${i}`);
  expect(times.ofRun('first').slowestMs).toBe(0);
});
