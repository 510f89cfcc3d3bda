/**
 * Reads the same key range from both sides, page by page. The base leads: its last key is the page's upper bound
 * on the target. Where the target has far more rows in that range, the page is cut at the target's last key and
 * the base is read again up to there, so that neither side is ever buffered whole.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import type { PageLimits, RowPage, RowReader } from '../ports/rowSource.ts';
import type { Sides } from '../sides.ts';

export interface PagePair {
  readonly pages: Sides<RowPage>;
  /** What both pages cover. */
  readonly range: KeyRange;
  /** True when the pages reach the end of the range. */
  readonly isLast: boolean;
}

/** Faults of a read are retried by whoever gives `read`; nothing here takes a fault for an end of rows. */
export type ReadPage = (reader: RowReader, range: KeyRange, limits: PageLimits) => Promise<RowPage>;

/** Rows of the first page, before the width of a row is known. */
const FIRST_PAGE_ROWS = 1000;
/**
 * The follower may have this many times the leader's rows before the page is cut: it must be able to have a few
 * more than the leader, or equal sides would be read twice.
 */
const FOLLOWER_FACTOR = 2;

/** Of a page's bytes, so much is planned for: the next rows may be a little wider. */
const FILL_SHARE = 0.75;

export interface PagePairRequest {
  readonly range: KeyRange;
  readonly limits: PageLimits;
  readonly readers: Sides<RowReader>;
  readonly read: ReadPage;
}

export async function* readPagePairs(request: PagePairRequest): AsyncGenerator<PagePair, void, void> {
  const { readers, read } = request;
  const size = new PageSize(request.limits);
  let after = request.range.after;
  let leading = early(read(readers.base, request.range, size.leader()));
  let following: Promise<RowPage> = leading;
  /** Read and not yet given out: it is compared while the servers send the next ones. */
  let ready: PagePair | undefined;
  try {
    for (;;) {
      const base = await leading;
      size.learn(base);
      const upTo = base.isComplete ? request.range.upTo : lastKey(readers.base, base);
      following = early(read(readers.target, { after, upTo }, size.follower()));
      if (!base.isComplete) {
        leading = early(read(readers.base, { after: upTo, upTo: request.range.upTo }, size.leader()));
      }
      if (ready) yield ready;
      ready = undefined;
      const target = await following;
      size.learn(target);
      if (target.isComplete) {
        ready = { pages: { base, target }, range: { after, upTo }, isLast: base.isComplete };
        if (base.isComplete) break;
        after = upTo;
        continue;
      }
      await leading.catch(() => undefined);
      const pair = await narrow(request, { after, target, limits: size.follower() });
      yield pair;
      after = pair.range.upTo;
      leading = early(read(readers.base, { after, upTo: request.range.upTo }, size.leader()));
    }
    if (ready) yield ready;
  } finally {
    await Promise.allSettled([leading, following]);
  }
}

/**
 * The target was cut by a limit: reads the base up to there, and cuts again until both sides fit. Each cut has a
 * row behind it, so the page gets shorter each time and this ends.
 */
async function narrow(
  request: PagePairRequest,
  cut: { readonly after: KeyTuple | null; readonly target: RowPage; readonly limits: PageLimits },
): Promise<PagePair> {
  const { readers, read } = request;
  const pairUpTo = (upTo: KeyTuple, pages: Sides<RowPage>): PagePair => ({
    pages,
    range: { after: cut.after, upTo },
    isLast: false,
  });
  let target = cut.target;
  for (;;) {
    let upTo = lastKey(readers.target, target);
    const base = await read(readers.base, { after: cut.after, upTo }, cut.limits);
    if (base.isComplete) return pairUpTo(upTo, { base, target });
    upTo = lastKey(readers.base, base);
    target = await read(readers.target, { after: cut.after, upTo }, cut.limits);
    if (target.isComplete) return pairUpTo(upTo, { base, target });
  }
}

/** How many rows a page may have: a power of two where rows are wide, so that few statements are prepared. */
class PageSize {
  readonly #limits: PageLimits;
  #rowBytes: number | undefined;

  constructor(limits: PageLimits) {
    this.#limits = limits;
  }

  leader(): PageLimits {
    return { rows: this.#rows(), bytes: this.#limits.bytes };
  }

  follower(): PageLimits {
    return { rows: FOLLOWER_FACTOR * this.#rows(), bytes: this.#limits.bytes };
  }

  learn(page: RowPage): void {
    if (page.rows > 0) this.#rowBytes = page.bytes.length / page.rows;
  }

  #rows(): number {
    const { rows, bytes } = this.#limits;
    if (this.#rowBytes === undefined) return Math.min(rows, FIRST_PAGE_ROWS);
    const fitting = Math.max(1, Math.floor((bytes * FILL_SHARE) / this.#rowBytes));
    return fitting >= rows ? rows : 2 ** Math.floor(Math.log2(fitting));
  }
}

/** A read that is under way before anyone waits for it: its fault is seen when it is awaited. */
function early<T>(reading: Promise<T>): Promise<T> {
  reading.catch(() => undefined);
  return reading;
}

function lastKey(reader: RowReader, page: RowPage): KeyTuple {
  return reader.keyAt(page, page.rows - 1);
}
