import { LAG_STEPS, plusCounts, zeroCounts } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RunConvergence } from './convergenceTimes.ts';
import { convergenceOf, lagStep, slowestLagMs } from './lagSteps.ts';

const countsFor = (lagsMs: readonly number[]) =>
  lagsMs.reduce((sum, ms) => plusCounts(sum, { [lagStep(ms)]: 1 }), zeroCounts());

it('each time that is told is at most twice what it stands for, and no less, up to minutes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 300, max: 300_000 }), { minLength: 1 }), (lagsMs) => {
      const sorted = lagsMs.toSorted((a, b) => a - b);
      const convergence = convergenceOf(countsFor(lagsMs));
      const real = {
        medianMs: sorted[Math.ceil(sorted.length / 2) - 1] as number,
        p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] as number,
        longestMs: sorted.at(-1) as number,
      };
      expect(convergence?.measured).toBe(lagsMs.length);
      for (const [name, ms] of Object.entries(real)) {
        const told = convergence?.[name as keyof typeof real] as number;
        expect(told).toBeGreaterThanOrEqual(ms);
        expect(told).toBeLessThanOrEqual(Math.max(500, 2 * ms));
      }
      expect(slowestLagMs(countsFor(lagsMs))).toBeGreaterThanOrEqual(real.longestMs / 1.5);
    }),
  );
});

it('without a candidate that showed its lag nothing is told', () => {
  expect(convergenceOf({ ...zeroCounts(), candidates: 3, converged: 3 })).toBeNull();
  expect(slowestLagMs(zeroCounts())).toBe(0);
});

it('a lag of hours counts as the longest step', () => {
  expect(lagStep(10_000_000)).toBe(LAG_STEPS.at(-1)?.[0]);
});

it('what another process of the fleet saw counts here, and the fleet is not asked at every look', async () => {
  let asked = 0;
  const convergence = new RunConvergence(async () => {
    asked += 1;
    return countsFor([30_000]);
  });
  convergence.observe(700);
  await convergence.refresh(0);
  await convergence.refresh(500);
  expect(asked).toBe(1);
  expect(convergence.slowestMs).toBeGreaterThan(15_000);
  await convergence.refresh(1500);
  expect(asked).toBe(2);
});
