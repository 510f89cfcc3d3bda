/**
 * How long rows of a run took to become equal: the lag, measured by this process and, where it can be asked, by the
 * whole fleet.
 */
import type { Counts } from '@rowparity/contracts';
import { slowestLagMs } from './lagSteps.ts';

/** What the fleet has committed of a run; undefined for a run that is gone. */
export type ReadRunCounts = (runId: string) => Promise<Counts | undefined>;

/** The fleet is asked no more often. */
const ASK_MS = 1000;

export class RunConvergence {
  readonly #read: (() => Promise<Counts | undefined>) | undefined;
  #slowestMs = 0;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  /** Without a reading this process is the whole fleet. */
  constructor(read?: () => Promise<Counts | undefined>) {
    this.#read = read;
  }

  get slowestMs(): number {
    return this.#slowestMs;
  }

  observe(ms: number): void {
    this.#slowestMs = Math.max(this.#slowestMs, ms);
  }

  /** Learns what other processes saw. Throws what the reading throws. */
  async refresh(nowMs: number): Promise<void> {
    if (!this.#read || nowMs - this.#askedAtMs < ASK_MS) return;
    this.#askedAtMs = nowMs;
    const counts = await this.#read();
    if (counts) this.observe(slowestLagMs(counts));
  }
}

/** Runs that one process works on at the same time are few. */
const RUNS_MAX = 16;

/** The convergence of each run. One object serves all shards of a process; what one run saw says nothing of another. */
export class ConvergenceTimes {
  readonly #runs = new Map<string, RunConvergence>();
  readonly #readCounts: ReadRunCounts | undefined;

  constructor(readCounts?: ReadRunCounts) {
    this.#readCounts = readCounts;
  }

  ofRun(runId: string): RunConvergence {
    const known = this.#runs.get(runId) ?? this.#begun(runId);
    this.#runs.delete(runId);
    this.#runs.set(runId, known);
    const oldest = this.#runs.keys().next();
    if (this.#runs.size > RUNS_MAX && !oldest.done) this.#runs.delete(oldest.value);
    return known;
  }

  #begun(runId: string): RunConvergence {
    const read = this.#readCounts;
    return new RunConvergence(read && (() => read(runId)));
  }
}
