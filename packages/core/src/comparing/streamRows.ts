/** How long a stream may be: it holds a snapshot on the server for as long as it runs. */

/**
 * Rows of the first streams: more than most shards have. Later streams have as many as take about this time, because a
 * statement holds a snapshot.
 */
export const STREAM_ROWS_FIRST = 524_288;
const ROWS_MAX = 1_048_576;
const ROWS_MIN = 1024;
const STREAM_MS = 5000;

/**
 * How many rows a stream may have: as many as take about its time, a power of two, so that few statements are
 * prepared.
 */
export class StreamRows {
  next: number;
  readonly #streamMs: number;

  constructor({ rowsFirst = STREAM_ROWS_FIRST, streamMs = STREAM_MS } = {}) {
    this.next = rowsFirst;
    this.#streamMs = streamMs;
  }

  /** After a fault: the statement may have exceeded its time limit. */
  shrink(): void {
    this.next = Math.max(ROWS_MIN, this.next / 4);
  }

  learn(rows: number, tookMs: number): void {
    const fitting = Math.min((rows * this.#streamMs) / Math.max(1, tookMs), 4 * this.next);
    this.next = Math.min(ROWS_MAX, Math.max(ROWS_MIN, 2 ** Math.floor(Math.log2(Math.max(1, fitting)))));
  }
}
