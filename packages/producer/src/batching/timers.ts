/** Time, as the batcher is given it; tests give their own. */

export interface Timers {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Runs later; returns how to call it off. */
  after(ms: number, run: () => void): () => void;
}

export const SYSTEM_TIMERS: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
