/** What is compared at once: the rows of both sides in one key range. */
import type { KeyRange } from '@rowparity/contracts';
import type { RowPage } from '../ports/rowSource.ts';
import type { Sides } from '../sides/sides.ts';

export interface PagePair {
  readonly pages: Sides<RowPage>;
  /** What both pages cover. */
  readonly range: KeyRange;
  /** True when the pages reach the end of the range. */
  readonly isLast: boolean;
}

/** The first `rows` rows of a page, as a page. */
export function headOf<Page extends RowPage>(page: Page, rows: number): Page {
  if (rows === page.rows) return page;
  const end = rows === 0 ? 0 : (page.bounds[2 * rows - 1] as number);
  return { ...page, rows, bytes: page.bytes.subarray(0, end), bounds: page.bounds.subarray(0, 2 * rows) };
}
