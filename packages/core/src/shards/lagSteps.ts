/** The lag of rows that converged, as counts by steps: they add up over shards, workers and attempts. */
import { type Convergence, type Counts, LAG_STEPS } from '@rowparity/contracts';

type LagName = (typeof LAG_STEPS)[number][0];

/** The name of the count for a lag of so many milliseconds. */
export function lagStep(ms: number): LagName {
  const [name] = LAG_STEPS.find(([, upToMs]) => ms <= upToMs) ?? LAST;
  return name;
}

const LAST = LAG_STEPS[LAG_STEPS.length - 1] as (typeof LAG_STEPS)[number];

/** Null where no candidate showed a lag. A time is the end of its step: at most so long. */
export function convergenceOf(counts: Counts): Convergence | null {
  const measured = LAG_STEPS.reduce((sum, [name]) => sum + counts[name], 0);
  if (measured === 0) return null;
  return {
    measured,
    medianMs: quantile(counts, Math.ceil(measured / 2)),
    p99Ms: quantile(counts, Math.ceil(measured * 0.99)),
    longestMs: quantile(counts, measured),
  };
}

/** The longest lag that the counts tell of, as the middle of its step; 0 without one. */
export function slowestLagMs(counts: Counts): number {
  const step = LAG_STEPS.findLastIndex(([name]) => counts[name] > 0);
  if (step < 0) return 0;
  const [, upToMs] = LAG_STEPS[step] as (typeof LAG_STEPS)[number];
  return (upToMs + (LAG_STEPS[step - 1]?.[1] ?? 0)) / 2;
}

/** The end of the step of the n-th candidate, in order of their lags. */
function quantile(counts: Counts, n: number): number {
  let passed = 0;
  for (const [name, upToMs] of LAG_STEPS) {
    passed += counts[name];
    if (passed >= n) return upToMs;
  }
  return LAST[1];
}
