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
 * The follower may have this many times the leader's rows before the page is cut, and some more where the leader has
 * few: it must be able to have a few more, or equal sides would be read twice.
 */
const FOLLOWER_FACTOR = 2;
const FOLLOWER_ROWS_MIN = 1000;

/** A page that takes longer holds its snapshot, and a fault costs more to read again. */
const PAGE_MS = 2000;
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
      following = early(read(readers.target, { after, upTo }, follower(request.limits, base)));
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
      const pair = await narrow(request, { after, target });
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
 * The target was cut by a limit: reads the base up to there, and cuts again until both sides fit. A follower may have
 * more rows than its leader, so only its bytes can cut it, and then there is a row behind the cut: each page is
 * shorter than the one before, and this ends.
 */
async function narrow(
  request: PagePairRequest,
  cut: { readonly after: KeyTuple | null; readonly target: RowPage },
): Promise<PagePair> {
  const { readers, read, limits } = request;
  const pairUpTo = (upTo: KeyTuple, pages: Sides<RowPage>): PagePair => ({
    pages,
    range: { after: cut.after, upTo },
    isLast: false,
  });
  let target = cut.target;
  for (;;) {
    let upTo = lastKey(readers.target, target);
    const base = await read(readers.base, { after: cut.after, upTo }, follower(limits, target));
    if (base.isComplete) return pairUpTo(upTo, { base, target });
    upTo = lastKey(readers.base, base);
    target = await read(readers.target, { after: cut.after, upTo }, follower(limits, base));
    if (target.isComplete) return pairUpTo(upTo, { base, target });
  }
}

/**
 * How many rows a page may have: as many as fit its bytes and its time. A power of two below the limit, so that few
 * statements are prepared.
 */
class PageSize {
  readonly #limits: PageLimits;
  #rowBytes: number | undefined;
  #rowMs = 0;

  constructor(limits: PageLimits) {
    this.#limits = limits;
  }

  leader(): PageLimits {
    return { rows: this.#rows(), bytes: this.#limits.bytes };
  }

  learn(page: RowPage): void {
    if (page.rows === 0) return;
    this.#rowBytes = page.bytes.length / page.rows;
    this.#rowMs = page.readMs / page.rows;
  }

  #rows(): number {
    const { rows, bytes } = this.#limits;
    if (this.#rowBytes === undefined) return Math.min(rows, FIRST_PAGE_ROWS);
    const byBytes = (bytes * FILL_SHARE) / this.#rowBytes;
    const byTime = this.#rowMs > 0 ? PAGE_MS / this.#rowMs : rows;
    const fitting = Math.max(1, Math.floor(Math.min(byBytes, byTime)));
    return fitting >= rows ? rows : 2 ** Math.floor(Math.log2(fitting));
  }
}

/** What the side that follows may have in the range of a page. A power of two, so that few statements are prepared. */
function follower({ bytes }: PageLimits, leader: RowPage): PageLimits {
  const rows = FOLLOWER_FACTOR * leader.rows + FOLLOWER_ROWS_MIN;
  return { rows: 2 ** Math.ceil(Math.log2(rows)), bytes };
}

/** A read that is under way before anyone waits for it: its fault is seen when it is awaited. */
function early<T>(reading: Promise<T>): Promise<T> {
  reading.catch(() => undefined);
  return reading;
}

function lastKey(reader: RowReader, page: RowPage): KeyTuple {
  return reader.keyAt(page, page.rows - 1);
}
