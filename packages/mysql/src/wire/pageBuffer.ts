/** The rows of a whole result set, up to a limit in bytes: what comes behind it is counted and not kept. */
import { HEADER_BYTES } from './packetFrames.ts';
import { ResultSetBuffer } from './resultSetBuffer.ts';
import type { ResultSetShape } from './resultSetShape.ts';

export class PageBuffer extends ResultSetBuffer {
  #bytesMax = 0;
  #discardedRows = 0;

  /** Makes it ready for the next result set; what was read before is gone. At least one row is kept. */
  reset(bytesMax: number, shape: ResultSetShape): void {
    this.begin(shape);
    this.#bytesMax = bytesMax;
    this.#discardedRows = 0;
  }

  /** Rows that came after the limit in bytes was reached; they are not kept. */
  get discardedRows(): number {
    return this.#discardedRows;
  }

  protected onRow(start: number, end: number): boolean {
    const isFull = this.rows > 0 && this.keptBytes + HEADER_BYTES + end - start > this.#bytesMax;
    if (isFull || this.#discardedRows > 0) {
      this.#discardedRows += 1;
      return false;
    }
    this.keep(start, end);
    return true;
  }

  /** What lies behind the kept rows and is walked need not be held. */
  protected onWalked(): void {
    if (this.#discardedRows > 0) this.closeGap();
  }
}
