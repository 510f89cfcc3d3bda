/** The digests that both servers make of ranges, and what a step of the checksum strategy knows after them. */
import type { KeyRange, TablePlan } from '@rowparity/contracts';
import type { StreamGate } from '../budgeting/streamGate.ts';
import type { RangeDigest, RowReader } from '../ports/rowSource.ts';
import { bothSides, mapSides, type Sides } from '../sides/sides.ts';
import type { PagePair } from './pagePair.ts';

export interface EqualRange {
  readonly kind: 'equal';
  readonly range: KeyRange;
  readonly rows: Sides<number>;
}

/** What is known of a range after a step: equal by digest, or the pages to be compared. */
export type Step = EqualRange | { readonly kind: 'pages'; readonly pair: PagePair };

export interface DigestDeps {
  readonly plan: Pick<TablePlan, 'key'>;
  readonly readers: Sides<RowReader>;
  readonly pageRows: number;
  readonly signal: AbortSignal;
  /** A server with a budget is asked for one page at a time. */
  readonly gate?: StreamGate | undefined;
  /** The exact comparison of a range. */
  readPages(range: KeyRange): AsyncGenerator<PagePair, void, void>;
}

/** Of each range that of both sides, by one statement a side. */
export async function digestsOf(
  ranges: readonly KeyRange[],
  { readers, signal }: Pick<DigestDeps, 'readers' | 'signal'>,
): Promise<readonly Sides<RangeDigest>[]> {
  const digests = await bothSides(readers, (reader) => reader.digests(ranges, signal));
  return ranges.map((_, i) =>
    mapSides(digests, (all) => {
      const digest = all[i];
      if (!digest) throw new Error(`expected ${ranges.length} digests, found ${all.length}`);
      return digest;
    }),
  );
}

/** Servers give different numbers of digits: those that both gave are compared. */
export function isSameDigest({ base, target }: Sides<RangeDigest>): boolean {
  const digits = Math.min(base.digest.length, target.digest.length);
  if (base.rows !== target.rows || digits === 0) return false;
  return base.digest.slice(0, digits) === target.digest.slice(0, digits);
}
