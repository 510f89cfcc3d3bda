/** How long rows took to become equal: the lag, measured. One object serves all shards of a process. */
export class ConvergenceTimes {
  #slowestMs = 0;

  get slowestMs(): number {
    return this.#slowestMs;
  }

  observe(ms: number): void {
    this.#slowestMs = Math.max(this.#slowestMs, ms);
  }
}
