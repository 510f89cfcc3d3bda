/** The clock that all waiting and measuring code receives. packages/runtime has the clock of the machine. */

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC: for records only, since it jumps when the clock is set. */
  now(): number;
  /** Milliseconds since some moment. They never go back: for delays and intervals. */
  steadyNow(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
