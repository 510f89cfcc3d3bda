/** Parts of a page, without a copy of its bytes. */
import type { KeyTuple } from '@rowparity/contracts';
import type { ColumnValue, RowBytes, RowPage } from '../ports/rowSource.ts';

/** The first `rows` rows of a page, as a page. */
export function headOf<Page extends RowPage>(page: Page, rows: number): Page {
  if (rows === page.rows) return page;
  const end = rows === 0 ? 0 : (page.bounds[2 * rows - 1] as number);
  return { ...page, rows, bytes: page.bytes.subarray(0, end), bounds: page.bounds.subarray(0, 2 * rows) };
}

export function keyAt(page: RowPage, row: number): KeyTuple {
  return page.layout.keyAt(page, row);
}

/** Every compared column of a row, in the plan's order: views into the page's bytes, not copies. */
export function valuesAt(page: RowPage, row: number): readonly ColumnValue[] {
  return page.layout.valuesAt(page, row);
}

/** A row's content, as long as its page lives. */
export function rowAt({ bytes, bounds }: RowBytes, row: number): Buffer {
  return bytes.subarray(bounds[2 * row], bounds[2 * row + 1]);
}
