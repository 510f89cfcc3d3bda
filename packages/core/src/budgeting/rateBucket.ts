/**
 * A limit of so many a second. What is read is charged, also beyond the limit: the debt is paid by waiting. At most one
 * second of the limit is saved up.
 */
export class RateBucket {
  #balance: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#balance = perSecond;
    this.#atMs = nowMs;
  }

  /** 0: something may be read now. */
  waitMs(perSecond: number, nowMs: number): number {
    this.#refill(perSecond, nowMs);
    return this.#balance > 0 ? 0 : Math.ceil(((1 - this.#balance) * 1000) / perSecond);
  }

  charge(amount: number): void {
    this.#balance -= amount;
  }

  get debt(): number {
    return Math.max(0, Math.ceil(-this.#balance));
  }

  #refill(perSecond: number, nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#balance = Math.min(perSecond, this.#balance + (elapsedMs * perSecond) / 1000);
  }
}
