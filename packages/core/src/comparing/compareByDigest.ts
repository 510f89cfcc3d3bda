/**
 * The checksum strategy, for links where bandwidth costs more than the servers' CPU. Both servers digest a page. Ranges
 * whose digests differ are halved until they are small, then compared exactly. Ranges that are equal by digest are
 * never read; differences are always judged by bytes.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import type { StreamGate } from '../budgeting/streamGate.ts';
import { isSameKey } from '../keys/keyOrder.ts';
import type { RangeDigest, RowReader } from '../ports/rowSource.ts';
import { bothSides, mapSides, type Sides } from '../sides/sides.ts';
import type { PagePair } from './pagePair.ts';

/** Rows that are cheaper to read than to digest once more. */
const EXACT_ROWS = 200;
/** A range that is equal is followed by one of twice its pages, up to so many: fewer questions, each still short. */
const PAGES_MAX = 8;

export interface EqualRange {
  readonly kind: 'equal';
  readonly range: KeyRange;
  readonly rows: Sides<number>;
}

/** What is known of a range after a step: equal by digest, or the pages to be compared. */
export type Step = EqualRange | { readonly kind: 'pages'; readonly pair: PagePair };

export interface DigestDeps {
  readonly readers: Sides<RowReader>;
  readonly pageRows: number;
  readonly signal: AbortSignal;
  /** A server with a budget is asked for one page at a time. */
  readonly gate?: StreamGate | undefined;
  /** The exact comparison of a range. */
  readPages(range: KeyRange): AsyncGenerator<PagePair, void, void>;
}

export async function* compareByDigest(range: KeyRange, deps: DigestDeps): AsyncGenerator<Step, void, void> {
  let after = range.after;
  let pages = 1;
  for (;;) {
    const upTo = await pageEnd({ after, upTo: range.upTo }, pages * deps.pageRows, deps);
    let isEqual = true;
    for await (const part of step({ after, upTo }, deps)) {
      isEqual &&= part.kind === 'equal';
      yield part;
    }
    if (isSameKey(upTo, range.upTo)) return;
    after = upTo;
    pages = isEqual ? Math.min(2 * pages, pagesAtOnce(deps)) : 1;
  }
}

/** Of a range of which nothing is known to differ. */
export function pagesAtOnce({ gate }: Pick<DigestDeps, 'gate'>): number {
  return gate ? 1 : PAGES_MAX;
}

async function* step(range: KeyRange, deps: DigestDeps): AsyncGenerator<Step, void, void> {
  const { readers, signal } = deps;
  const digests = await bothSides(readers, (reader) => reader.digest(range, signal));
  const rows = mapSides(digests, (digest) => digest.rows);
  if (isSameDigest(digests)) {
    yield { kind: 'equal', range, rows };
    return;
  }
  const middle =
    Math.max(rows.base, rows.target) > EXACT_ROWS ? await middleOf(range, rows, deps) : undefined;
  if (middle === undefined) {
    for await (const pair of deps.readPages(range)) yield { kind: 'pages', pair };
    return;
  }
  yield* step({ after: range.after, upTo: middle }, deps);
  yield* step({ after: middle, upTo: range.upTo }, deps);
}

export function isSameDigest({ base, target }: Sides<RangeDigest>): boolean {
  return base.rows === target.rows && base.digest === target.digest;
}

/** The end of the base's next page, or of the range when fewer rows are left. */
async function pageEnd(
  range: KeyRange,
  rows: number,
  { readers, signal }: DigestDeps,
): Promise<KeyTuple | null> {
  return (await readers.base.keyBehind(range, rows, signal)) ?? range.upTo;
}

/** A key in the middle of the larger side's rows; undefined when it would divide nothing. */
async function middleOf(
  range: KeyRange,
  rows: Sides<number>,
  deps: DigestDeps,
): Promise<KeyTuple | undefined> {
  const side = rows.base >= rows.target ? 'base' : 'target';
  const half = Math.floor(rows[side] / 2);
  const middle = await deps.readers[side].keyBehind(range, half, deps.signal);
  return middle && !isSameKey(middle, range.upTo) ? middle : undefined;
}
