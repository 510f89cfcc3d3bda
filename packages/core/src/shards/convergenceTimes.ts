/** How long rows of a run took to become equal: the lag, measured. */
export class RunConvergence {
  #slowestMs = 0;

  get slowestMs(): number {
    return this.#slowestMs;
  }

  observe(ms: number): void {
    this.#slowestMs = Math.max(this.#slowestMs, ms);
  }
}

/** Runs that one process works on at the same time are few. */
const RUNS_MAX = 16;

/** The convergence of each run. One object serves all shards of a process; what one run saw says nothing of another. */
export class ConvergenceTimes {
  readonly #runs = new Map<string, RunConvergence>();

  ofRun(runId: string): RunConvergence {
    const known = this.#runs.get(runId) ?? new RunConvergence();
    this.#runs.delete(runId);
    this.#runs.set(runId, known);
    const oldest = this.#runs.keys().next();
    if (this.#runs.size > RUNS_MAX && !oldest.done) this.#runs.delete(oldest.value);
    return known;
  }
}
