/** Compares the buckets of both sides by their sums, and gathers those that differ into batches of bounded rows. */
import type { BucketSum } from '../ports/multisetReader.ts';
import type { Sides } from '../sides/sides.ts';

/** Rows of one batch on either side: their digests, and what is known of each that differs, fit a worker's memory. */
export const BATCH_ROWS_MAX = 262_144;
/** Buckets that one statement names. */
const BATCH_BUCKETS_MAX = 4096;

/** A range of buckets: those that differ are read together, those between them are equal. */
export interface BucketBatch {
  readonly differing: readonly number[];
  /** The batch decides everything up to this bucket; undefined for the last batch, which ends the range. */
  readonly upTo: number | undefined;
  /** Rows of all its buckets. */
  readonly rows: Sides<number>;
}

export function batchesOf(sums: Sides<readonly BucketSum[]>): BucketBatch[] {
  const byBucket = pairUp(sums);
  const batches: Draft[] = [emptyDraft()];
  for (const [bucket, { base, target }] of byBucket) {
    let draft = batches.at(-1) as Draft;
    const isSame = base?.rows === target?.rows && base?.sum === target?.sum;
    const rows = Math.max(base?.rows ?? 0, target?.rows ?? 0);
    const isFull =
      draft.differing.length > 0 &&
      (draft.read + rows > BATCH_ROWS_MAX || draft.differing.length === BATCH_BUCKETS_MAX);
    if (!isSame && isFull) {
      draft = emptyDraft();
      batches.push(draft);
    }
    draft.upTo = bucket;
    draft.rows.base += base?.rows ?? 0;
    draft.rows.target += target?.rows ?? 0;
    if (isSame) continue;
    draft.differing.push(bucket);
    draft.read += rows;
  }
  return batches.map(({ differing, upTo, rows }, i) => {
    return { differing, rows, upTo: i === batches.length - 1 ? undefined : upTo };
  });
}

interface Draft {
  readonly differing: number[];
  readonly rows: { base: number; target: number };
  upTo: number | undefined;
  /** Rows of the buckets that differ, of the larger side. */
  read: number;
}

function emptyDraft(): Draft {
  return { differing: [], rows: { base: 0, target: 0 }, upTo: undefined, read: 0 };
}

type Pair = { readonly base?: BucketSum; readonly target?: BucketSum };

function pairUp({ base, target }: Sides<readonly BucketSum[]>): [number, Pair][] {
  const pairs = new Map<number, Pair>(base.map((sum) => [sum.bucket, { base: sum }]));
  for (const sum of target) pairs.set(sum.bucket, { ...pairs.get(sum.bucket), target: sum });
  return [...pairs].sort(([a], [b]) => a - b);
}
