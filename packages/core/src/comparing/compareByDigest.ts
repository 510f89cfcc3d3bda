/**
 * The checksum strategy, for links where bandwidth costs more than the servers' CPU. Both servers digest a page. A
 * range whose digests differ is divided until its rows are few, then compared exactly (narrowRange.ts). Ranges that are
 * equal by digest are never read; differences are always judged by bytes.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import { isSameKey } from '../keys/keyOrder.ts';
import { mapSides } from '../sides/sides.ts';
import { narrowRange } from './narrowRange.ts';
import { type DigestDeps, digestsOf, isSameDigest, type Step } from './rangeDigests.ts';

/** A range that is equal is followed by one of twice its pages, up to so many: fewer questions, each still short. */
const PAGES_MAX = 8;

export async function* compareByDigest(range: KeyRange, deps: DigestDeps): AsyncGenerator<Step, void, void> {
  let after = range.after;
  let pages = 1;
  for (;;) {
    const upTo = await partEnd({ after, upTo: range.upTo }, pages * deps.pageRows, deps);
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

/** The end of the base's next part of so many rows, or of the range when fewer are left. */
export async function partEnd(
  range: KeyRange,
  rows: number,
  { readers, signal }: Pick<DigestDeps, 'readers' | 'signal'>,
): Promise<KeyTuple | null> {
  const [end] = await readers.base.keysBehind(range, { rows, keys: 1 }, signal);
  return end ?? range.upTo;
}

async function* step(range: KeyRange, deps: DigestDeps): AsyncGenerator<Step, void, void> {
  const [digests] = await digestsOf([range], deps);
  if (!digests) throw new Error('expected the digests of one range');
  const rows = mapSides(digests, (digest) => digest.rows);
  if (isSameDigest(digests)) yield { kind: 'equal', range, rows };
  else yield* narrowRange(range, rows, deps);
}
