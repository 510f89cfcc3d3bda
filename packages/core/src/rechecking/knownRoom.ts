/**
 * How many confirmed differences an attempt holds that are not committed yet: at most as many as a table pair keeps. Of
 * those beyond, the ledger could keep none either.
 */
export class KnownRoom {
  readonly keep: number;
  #left: number;

  constructor(keep: number) {
    this.keep = keep;
    this.#left = keep;
  }

  /** False: there is no room for one more. */
  take(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  giveBack(rows: number): void {
    this.#left += rows;
  }
}
