/** The values in which two rows differ, found without looking at the others as values of their own. */
import type { ColumnValue, RowBytes, RowLayout } from '../ports/rowSource.ts';
import { mapSides, type Sides } from '../sides/sides.ts';

export interface PlacedRow {
  readonly page: RowBytes;
  readonly row: number;
  readonly layout: RowLayout;
}

const NULL_START = -1;
/** Up to here a loop takes less time than a call out of JavaScript. */
const SHORT_BYTES_MAX = 32;

/** In each column's place: views into the pages where the two differ, and null on both sides where they are equal. */
export function differingValues(rows: Sides<PlacedRow>): Sides<readonly ColumnValue[]> {
  const spans = mapSides(rows, ({ layout, page, row }) => layout.spansAt(page, row));
  const base: ColumnValue[] = [];
  const target: ColumnValue[] = [];
  for (let i = 0; i < spans.base.length; i += 2) {
    const isEqual = isSameSpan(rows, spans, i);
    base.push(isEqual ? null : valueAt(rows.base.page, spans.base, i));
    target.push(isEqual ? null : valueAt(rows.target.page, spans.target, i));
  }
  return { base, target };
}

function isSameSpan({ base, target }: Sides<PlacedRow>, spans: Sides<readonly number[]>, i: number): boolean {
  const [a, b] = [spans.base[i] as number, spans.target[i] as number];
  if (a === NULL_START || b === NULL_START) return a === b;
  const bytes = (spans.base[i + 1] as number) - a;
  if ((spans.target[i + 1] as number) - b !== bytes) return false;
  if (bytes > SHORT_BYTES_MAX) {
    return target.page.bytes.compare(base.page.bytes, a, a + bytes, b, b + bytes) === 0;
  }
  for (let k = 0; k < bytes; k += 1) if (base.page.bytes[a + k] !== target.page.bytes[b + k]) return false;
  return true;
}

function valueAt({ bytes }: RowBytes, spans: readonly number[], i: number): ColumnValue {
  return spans[i] === NULL_START ? null : bytes.subarray(spans[i], spans[i + 1]);
}
