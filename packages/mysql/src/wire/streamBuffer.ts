/**
 * The rows of a result set that have come and are not taken yet. It says when it is full; the code that feeds it then
 * pauses. What was given out stays as it is until `makeRoom`: bytes that come meanwhile are put behind it.
 */
import type { PageLimits } from '@rowparity/core';
import { ResultSetBuffer, type RowsAlike } from './resultSetBuffer.ts';
import type { ResultSetShape } from './resultSetShape.ts';

export class StreamBuffer extends ResultSetBuffer {
  #limits: PageLimits = { rows: 0, bytes: 0 };
  #taken = 0;
  #isDraining = false;

  reset(limits: PageLimits, shape: ResultSetShape): void {
    this.begin(shape);
    this.#limits = limits;
    this.#taken = 0;
    this.#isDraining = false;
  }

  /** Rows that have come so far, taken ones included. */
  get seen(): number {
    return this.come;
  }

  /** A page of rows is there. */
  get isFull(): boolean {
    const { rows, bytes } = this.#limits;
    return !this.#isDraining && (this.rows >= rows || (this.rows > 0 && this.keptBytes >= bytes));
  }

  /** The first rows are done with; they leave with `makeRoom`. */
  take(rows: number): void {
    this.#taken = rows;
  }

  makeRoom(): void {
    if (this.#taken > 0) this.drop(this.#taken);
    this.#taken = 0;
  }

  /** From now on rows are counted and not kept. */
  drain(): void {
    this.#isDraining = true;
  }

  protected onRow(start: number, end: number): boolean {
    if (!this.#isDraining) this.keep(start, end);
    return !this.#isDraining;
  }

  protected override onRowsAlike(alike: RowsAlike): void {
    if (!this.#isDraining) this.keepAlike(alike);
  }

  protected onWalked(): void {
    if (this.#isDraining) this.closeGap();
  }
}
