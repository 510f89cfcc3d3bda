/**
 * Finds where two streams of rows can be cut so that both parts hold the same key range: after a row that both have.
 * This needs no key order of our own. Both servers order alike, so all rows before it on either side belong to the
 * range that it ends. Rows are found by their exact key bytes; their contents need not be equal.
 */
import type { KeyTuple } from '@rowparity/contracts';
import { keyText } from '../keys/keyOrder.ts';
import type { StreamedPage } from '../ports/rowSource.ts';
import { keyAt } from '../rows/rowPage.ts';
import type { Sides } from '../sides/sides.ts';

/** Rows from the end that are searched first: a few missing rows shift a page by at most this much. */
const NEAR_ROWS = 64;

export interface Cut {
  /** Rows before the cut on each side. */
  readonly rows: Sides<number>;
  /** The key after which both are cut; undefined at the end of the range. */
  readonly upTo: KeyTuple | undefined;
}

/** Undefined when no row of one page is in the other, and more may come on both sides. */
export function commonCut(pages: Sides<StreamedPage>): Cut | undefined {
  const { base, target } = pages;
  if (base.isComplete && target.isComplete) {
    return { rows: { base: base.rows, target: target.rows }, upTo: undefined };
  }
  if (base.rows === 0 || target.rows === 0) return cutOfOne(pages);
  const keysOf = { base: new PageKeys(base), target: new PageKeys(target) };
  const rows = Math.min(base.rows, target.rows);
  if (keysOf.base.at(rows - 1) === keysOf.target.at(rows - 1)) {
    return { rows: { base: rows, target: rows }, upTo: keyAt(base, rows - 1) };
  }
  return lastCommon(keysOf, NEAR_ROWS) ?? lastCommon(keysOf, Math.max(base.rows, target.rows));
}

/** One side has reached the end of the range: the rest of the other side has no partner. */
function cutOfOne({ base, target }: Sides<StreamedPage>): Cut | undefined {
  if (base.rows > 0 && target.isComplete) {
    return { rows: { base: base.rows, target: 0 }, upTo: keyAt(base, base.rows - 1) };
  }
  if (target.rows > 0 && base.isComplete) {
    return { rows: { base: 0, target: target.rows }, upTo: keyAt(target, target.rows - 1) };
  }
  return undefined;
}

function lastCommon(keys: Sides<PageKeys>, searched: number): Cut | undefined {
  const { base, target } = keys;
  const rowOf = new Map<string, number>();
  for (let row = Math.max(0, target.rows - searched); row < target.rows; row += 1)
    rowOf.set(target.at(row), row);
  for (let row = base.rows - 1; row >= Math.max(0, base.rows - searched); row -= 1) {
    const found = rowOf.get(base.at(row));
    if (found !== undefined) {
      return { rows: { base: row + 1, target: found + 1 }, upTo: base.tuple(row) };
    }
  }
  return undefined;
}

class PageKeys {
  readonly #page: StreamedPage;

  constructor(page: StreamedPage) {
    this.#page = page;
  }

  get rows(): number {
    return this.#page.rows;
  }

  tuple(row: number): KeyTuple {
    return keyAt(this.#page, row);
  }

  at(row: number): string {
    return keyText(this.tuple(row));
  }
}
