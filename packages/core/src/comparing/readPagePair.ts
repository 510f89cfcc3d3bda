/**
 * Reads one pair of pages with statements of their own, where two streams have no row in common. The base leads: its
 * last key is the page's upper bound on the target. Where the target has far more rows in that range, the page is cut
 * at the target's last key and the base is read again up to there, so that neither side is ever buffered whole.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import type { PageLimits, RowPage, RowReader } from '../ports/rowSource.ts';
import { keyAt } from '../rows/rowPage.ts';
import type { Sides } from '../sides/sides.ts';
import type { PagePair } from './pagePair.ts';

/**
 * The follower may have this many times the leader's rows before the page is cut, and some more where the leader has
 * few: without this allowance, nearly equal sides would be read twice.
 */
const FOLLOWER_FACTOR = 2;
const FOLLOWER_ROWS_MIN = 1000;

export interface PagePairInput {
  readonly limits: PageLimits;
  readonly readers: Sides<RowReader>;
  readonly signal: AbortSignal;
}

/** The first page of the range. A fault of either side is thrown. */
export async function readPagePair(range: KeyRange, request: PagePairInput): Promise<PagePair> {
  const { readers, limits, signal } = request;
  const { after } = range;
  let base = await readers.base.readPage(range, limits, signal);
  let upTo = base.isComplete ? range.upTo : lastKey(base);
  for (;;) {
    const target = await readers.target.readPage({ after, upTo }, follower(limits, base), signal);
    if (target.isComplete) {
      return { pages: { base, target }, range: { after, upTo }, isLast: upTo === range.upTo };
    }
    // The follower may have more rows than the leader, so only its byte limit can cut its page. Then a row follows the
    // cut, each page is shorter than the one before, and the loop ends.
    upTo = lastKey(target);
    base = await readers.base.readPage({ after, upTo }, follower(limits, target), signal);
    if (base.isComplete) return { pages: { base, target }, range: { after, upTo }, isLast: false };
    upTo = lastKey(base);
  }
}

/** Rows that the follower may have in the range of a page. A power of two, so that few statements are prepared. */
function follower({ bytes }: PageLimits, leader: RowPage): PageLimits {
  const rows = FOLLOWER_FACTOR * leader.rows + FOLLOWER_ROWS_MIN;
  return { rows: 2 ** Math.ceil(Math.log2(rows)), bytes };
}

function lastKey(page: RowPage): KeyTuple {
  return keyAt(page, page.rows - 1);
}
