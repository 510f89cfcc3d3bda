/**
 * Limits what is told of the outage of a server. A client tells each of its tries, thousands of lines in an hour, which
 * hide the process's own lines. This tells the first trouble, one at intervals with a count, and the end.
 */
import type { Clock } from '@rowparity/contracts';

/** Often enough to see that it still goes on, seldom enough to read the rest of the log. */
const TOLD_EVERY_MS = 60_000;

export interface OutageTeller<T> {
  /** `leftOut` is empty, or says how many troubles were not told since the last one. */
  tellTrouble(trouble: T, leftOut: string): void;
  tellEnd(seconds: number, leftOut: string): void;
}

export class OutageLog<T> {
  readonly #teller: OutageTeller<T>;
  readonly #clock: Pick<Clock, 'steadyNow'>;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #untold = 0;
  /** Since when there is trouble that was told and not ended. */
  #sinceMs: number | undefined;

  constructor(teller: OutageTeller<T>, clock: Pick<Clock, 'steadyNow'>) {
    this.#teller = teller;
    this.#clock = clock;
  }

  hear(trouble: T): void {
    const nowMs = this.#clock.steadyNow();
    // This also limits outages that follow each other quickly.
    if (nowMs - this.#toldAtMs < TOLD_EVERY_MS) {
      this.#untold += 1;
      return;
    }
    this.#teller.tellTrouble(trouble, leftOut(this.#untold));
    this.#toldAtMs = nowMs;
    this.#sinceMs ??= nowMs;
    this.#untold = 0;
  }

  /** The server answers. */
  over(): void {
    if (this.#sinceMs === undefined) return;
    const seconds = Math.round((this.#clock.steadyNow() - this.#sinceMs) / 1000);
    this.#teller.tellEnd(seconds, leftOut(this.#untold));
    this.#sinceMs = undefined;
    this.#untold = 0;
  }
}

function leftOut(lines: number): string {
  return lines === 0 ? '' : ` (${lines} more lines were left out)`;
}
