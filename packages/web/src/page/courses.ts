/** The course of a run as lines to plot, and in words for those who do not see them. Pure. */
import type { ShardMap } from '@rowparity/contracts';
import { count } from '@rowparity/contracts/words/numberWords';
import { spanWords, timeWords } from './timeWords.ts';

type Timeline = NonNullable<ShardMap['timeline']>;

export interface Course {
  /** Seconds since 1970, the middle of each step. */
  readonly times: readonly number[];
  readonly rowsPerSecond: readonly number[];
  /** So far. */
  readonly confirmed: readonly number[];
  readonly converged: readonly number[];
}

/** Fewer steps are no course. */
const STEPS_MIN = 4;

/** `upTo`: when the run ended, or was read. Undefined when there is too little to plot. */
export function courseOf(timeline: Timeline | null, upTo: number): Course | undefined {
  if (!timeline || timeline.rows.length < STEPS_MIN) return undefined;
  const { from, stepMs, rows, confirmed, converged } = timeline;
  return {
    times: rows.map((_, i) => (from + (i + 0.5) * stepMs) / 1000),
    rowsPerSecond: rows.map((sum, i) => (1000 * sum) / lengthOf(i, timeline, upTo)),
    confirmed: runningSums(confirmed),
    converged: runningSums(converged),
  };
}

/** The last step may be a part of one. */
function lengthOf(step: number, { from, stepMs, rows }: Timeline, upTo: number): number {
  const isLast = step === rows.length - 1;
  return isLast ? Math.max(stepMs / 10, Math.min(stepMs, upTo - from - step * stepMs)) : stepMs;
}

function runningSums(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((number) => {
    sum += number;
    return sum;
  });
}

export function rateWords({ times, rowsPerSecond }: Course, now: number): string {
  const most = Math.max(...rowsPerSecond);
  const time = (times[rowsPerSecond.indexOf(most)] ?? 0) * 1000;
  const mean = rowsPerSecond.reduce((sum, rate) => sum + rate, 0) / rowsPerSecond.length;
  return `${rounded(mean)} rows/s on average, at most ${rounded(most)} (${timeWords(time, now)})`;
}

export function convergenceWords({ confirmed, converged }: Course, timeline: Timeline): string {
  const slowest = Math.max(...timeline.slowestMs);
  const late = converged.at(-1) ?? 0;
  const lag = slowest > 0 ? `, the slowest within ${spanWords(slowest)}` : '';
  return `${count(late)} became equal at a recheck${lag}; ${count(confirmed.at(-1) ?? 0)} confirmed as different`;
}

/** Two digits tell a rate. */
function rounded(rate: number): string {
  return count(Number(Math.round(rate).toPrecision(2)));
}
