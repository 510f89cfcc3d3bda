/**
 * Checks the order of keys late, for rows that were not checked when they came: only where a page differs from the
 * other side's page, which was checked. Keeps the last taken row, so that the next page is compared with it.
 */
import type { RowPage } from '@rowparity/core';
import { keySequence } from './keySequence.ts';
import { type RowMemory, viewOf } from './packetMemory.ts';
import type { ResultSetShape } from './resultSetShape.ts';
import { rowLayout } from './rowLayout.ts';
import type { WireColumn } from './wireColumn.ts';

type Page = Pick<RowPage, 'rows' | 'bytes' | 'bounds'> & { readonly columns: readonly WireColumn[] };

export class LateOrder {
  readonly #shape: Pick<ResultSetShape, 'key' | 'isUnwalked'>;
  /** A copy of the last row that was taken: all its page has is gone then. */
  #last: Buffer | undefined;

  constructor(shape: Pick<ResultSetShape, 'key' | 'isUnwalked'>) {
    this.#shape = shape;
  }

  /** The first `rows` rows of the page are taken, and the next page follows them. */
  taken({ bytes, bounds }: Page, rows: number): void {
    if (this.#shape.isUnwalked !== true) return;
    this.#last = Buffer.from(bytes.subarray(bounds[2 * rows - 2], bounds[2 * rows - 1]));
  }

  /**
   * What tells whether the keys of a page's rows from `from` up to `upTo` do not go on; `upTo` may lie behind its last
   * row. To be asked for before rows of the page are taken.
   */
  brokenIn(page: Page): (from: number, upTo: number) => boolean {
    const { bytes, bounds, columns, rows } = page;
    const { key } = this.#shape;
    const last = this.#last;
    return (from, upTo) => {
      const { headBytes: offset } = rowLayout(columns, key.length);
      const keys = keySequence(columns, key);
      const memory = memoryOf(bytes);
      if (from > 0) keys.goesOn(memory, (bounds[2 * from - 2] as number) + offset);
      else if (last) keys.goesOn(memoryOf(last), offset);
      return !keys.allGoOn({ memory, bounds, from, upTo: Math.min(upTo, rows), offset });
    };
  }
}

function memoryOf(bytes: Buffer): RowMemory {
  return { bytes, view: viewOf(bytes) };
}
