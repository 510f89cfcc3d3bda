/** Time, as everything that waits or measures is given it; packages/runtime has the one that tells the machine's. */

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC: for records only, since it jumps when the clock is set. */
  now(): number;
  /** Milliseconds since some moment, which only ever grow: for delays and intervals. */
  steadyNow(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
