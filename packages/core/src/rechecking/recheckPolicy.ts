/**
 * When candidates are looked at again, and how much evidence ends one. Without `delaysMs` in the spec the looks come at
 * uneven intervals, drawn anew for each shard: a value that toggles looks still by chance, and each look at an uneven
 * time makes that rarer.
 */
import type { Draw } from '../hashing/draws.ts';
import type { RunConvergence } from '../shards/convergenceTimes.ts';
import type { RecheckInput } from '../shards/shardWork.ts';
import type { Evidence } from './evidence.ts';

/**
 * Before the looks that count, in milliseconds from the one before: most rows that are on their way arrive meanwhile,
 * and the lag is measured finely. A row that looks still for so short a time says nothing.
 */
const EARLY_MS = [100, 250, 500] as const;
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

/**
 * Looks behind the fence that confirm. A row that toggles and is only behind differs at half of them at most, and looks
 * as before at half of them at most: that it does both each time is rarer than 1 in 10,000. While the downstream keeps
 * up, each look after the second one is such a look.
 */
export const FENCED_LOOKS = 7;
/** Between two questions to the downstream, of a candidate that waits for nothing else. */
export const FENCE_POLL_MS = 250;

export interface RecheckPolicy {
  /** Looks at one candidate in all. */
  readonly looksMax: number;
  /** Looks in a row at which a difference must stand still. */
  readonly looks: number;
  /** How long it must stand still: grows with the convergence times that are seen. */
  stillMs(): number;
  /** Looks that come before those that count. */
  readonly earlyLooks: number;
  /** Milliseconds to the next look at a candidate that had so many. */
  delayMs(had: LooksHad): number;
}

export type LooksHad = Pick<Evidence, 'looks' | 'earlyLooks'>;

export function recheckPolicy(
  { delaysMs, stillMs }: Pick<RecheckInput, 'delaysMs' | 'stillMs'>,
  times: Pick<RunConvergence, 'slowestMs'>,
  draw: Draw,
): RecheckPolicy {
  // A schedule that a person wrote: two equal looks are enough, and the delays bear the lag.
  if (delaysMs) {
    const delayMs = ({ looks }: LooksHad) => delaysMs[looks] ?? 0;
    return { looksMax: delaysMs.length, looks: 1, earlyLooks: 0, stillMs: () => 0, delayMs };
  }
  const stillMsNow = () => (stillMs === 'auto' ? autoMs(times.slowestMs) : stillMs);
  const weights = Array.from({ length: LOOKS_MAX }, () => SPREAD / 2 + draw(SPREAD + 1));
  const first = weights.slice(0, LOOKS).reduce((sum, weight) => sum + weight, 0);
  // The first looks fill the wanted time exactly; the others have its mean interval.
  const share = (look: number) =>
    look < LOOKS ? (weights[look] as number) / first : (weights[look] ?? SPREAD) / (LOOKS * SPREAD);
  return {
    looksMax: LOOKS_MAX,
    looks: LOOKS,
    stillMs: stillMsNow,
    earlyLooks: EARLY_MS.length,
    delayMs: ({ looks, earlyLooks }) =>
      EARLY_MS[earlyLooks] ?? Math.ceil(SPAN_FACTOR * stillMsNow() * share(looks)),
  };
}

/** In whole seconds: a few delays, not one for each time that was measured. */
function autoMs(slowestMs: number): number {
  const wantedMs = 1000 * Math.ceil((CONVERGENCE_FACTOR * slowestMs) / 1000);
  return Math.min(AUTO_MS_MAX, Math.max(STILL_MS, wantedMs));
}
