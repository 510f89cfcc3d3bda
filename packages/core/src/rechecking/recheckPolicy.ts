/**
 * When candidates are looked at again, and how much evidence ends one. Without `delaysMs` in the spec the looks come at
 * uneven intervals, drawn anew for each shard: a value that toggles looks still by chance, and each look at an uneven
 * time makes that rarer.
 */
import type { Draw } from '../hashing/draws.ts';
import type { RunConvergence } from '../shards/convergenceTimes.ts';
import type { RecheckInput } from '../shards/shardWork.ts';

/** Looks in a row at which a difference stands still. */
const LOOKS = 5;
/** Looks at one candidate in all: rows that still change then are unstable. */
const LOOKS_MAX = 20;
/** The shortest time that a difference must stand still: longer than most replicas lag. */
const STILL_MS = 5000;
/** The time to stand still, as a multiple of the slowest convergence that was seen. */
const CONVERGENCE_FACTOR = 3;
/** The longest one: the twenty looks together stay within the time after which a silent shard counts as hung. */
const AUTO_MS_MAX = 90_000;
/** The wanted time is reached although timers fire a little early. */
const SPAN_FACTOR = 1.1;
/** An interval is drawn between 0.5 and 1.5 of the mean, which is this weight. */
const SPREAD = 1000;

export interface RecheckPolicy {
  /** Before each look, counted from the one before. */
  readonly delaysMs: readonly number[];
  /** Looks in a row at which a difference must stand still. */
  readonly looks: number;
  /** How long it must stand still. */
  stillMs(): number;
}

export function recheckPolicy(
  { delaysMs, stillMs }: Pick<RecheckInput, 'delaysMs' | 'stillMs'>,
  times: Pick<RunConvergence, 'slowestMs'>,
  draw: Draw,
): RecheckPolicy {
  // A schedule that a person wrote: two equal looks are enough, and the delays bear the lag.
  if (delaysMs) return { delaysMs, looks: 1, stillMs: () => 0 };
  const stillMsNow = () =>
    stillMs === 'auto'
      ? Math.min(AUTO_MS_MAX, Math.max(STILL_MS, CONVERGENCE_FACTOR * times.slowestMs))
      : stillMs;
  const spanMs = SPAN_FACTOR * stillMsNow();
  const weights = Array.from({ length: LOOKS_MAX }, () => SPREAD / 2 + draw(SPREAD + 1));
  const first = weights.slice(0, LOOKS).reduce((sum, weight) => sum + weight, 0);
  // The first looks fill the wanted time exactly; the others have its mean interval.
  const total = (i: number) => (i < LOOKS ? first : LOOKS * SPREAD);
  return {
    delaysMs: weights.map((weight, i) => Math.ceil((spanMs * weight) / total(i))),
    looks: LOOKS,
    stillMs: stillMsNow,
  };
}
