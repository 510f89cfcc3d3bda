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
