/**
 * The self-test of multisets: the servers digest a few rows as they are, once more, and with one column changed; and
 * differences are planted in copies of the digests, which the same comparison must find. Nothing is written anywhere.
 */
import type { Counts, TablePlan } from '@rowparity/contracts';
import { seededDraws } from '../hashing/draws.ts';
import type { BucketSum, MultisetReader, ProbedRows } from '../ports/multisetReader.ts';
import { SIDES, type Side, type Sides } from '../sides/sides.ts';
import { batchesOf } from './bucketBatches.ts';
import { differencesOf, SideRows } from './bucketDifferences.ts';

/** Enough that one row hides among others. */
const SLICE_ROWS = 16;

type Recalled = Pick<Counts, 'planted' | 'caught'>;

export interface MultisetRecallInput {
  readonly runId: string;
  readonly shard: number;
  readonly plan: TablePlan;
  readonly readers: Sides<Pick<MultisetReader, 'probe'>>;
  readonly signal: AbortSignal;
  retried<T>(step: () => Promise<T>): Promise<T>;
}

export async function recallMultisets(input: MultisetRecallInput): Promise<Recalled> {
  const { runId, shard, plan, readers, signal, retried } = input;
  const draw = seededDraws(`${runId} ${shard} multiset`);
  const [side, other] = draw(2) === 0 ? SIDES : SIDES.toReversed();
  const slice = { rows: SLICE_ROWS, column: draw(plan.columns.length) };
  const probe = (one: Side) => retried(() => readers[one].probe(slice, signal));
  const first = await probe(side as Side);
  const probed = first.truth.length > 0 ? first : await probe(other as Side);
  return [ofServer(probed), ofRows(probed.truth), ofSums(probed.truth)].reduce(
    (sum, one) => ({ planted: sum.planted + one.planted, caught: sum.caught + one.caught }),
    { planted: 0, caught: 0 },
  );
}

/** If digests of the same rows change between two readings, a difference proves nothing. */
function ofServer({ truth, again, changed }: ProbedRows): Recalled {
  const caught = truth.filter((digest, i) => digest === again[i] && digest !== changed[i]).length;
  return { planted: truth.length, caught };
}

/** One row is missing, one is there twice, one is another. */
function ofRows(digests: readonly bigint[]): Recalled {
  const [missing, doubled, changed] = [...new Set(digests)];
  if (missing === undefined) return { planted: 0, caught: 0 };
  const planted = [missing, doubled, changed].filter((digest) => digest !== undefined);
  const target = digests.filter((digest) => digest !== missing);
  if (doubled !== undefined) target.push(doubled);
  if (changed !== undefined) target[target.indexOf(changed)] = changed ^ 1n;
  const found = differencesOf({ base: rowsOf(digests), target: rowsOf(target) });
  return { planted: planted.length, caught: planted.filter((digest) => found.has(digest)).length };
}

function rowsOf(digests: readonly bigint[]): SideRows {
  const rows = new SideRows();
  const all = BigUint64Array.from(digests);
  const copies = new BigUint64Array(all.length).fill(1n);
  rows.add({ lines: all.length, identities: all, digests: all, copies, keyAt: () => [] });
  return rows;
}

/** A bucket with another sum, one with a row more, and one that is not there. */
function ofSums(digests: readonly bigint[]): Recalled {
  const base: BucketSum[] = digests.map((sum, bucket) => ({ bucket, rows: 1, sum }));
  const target = base.flatMap((one): BucketSum[] => {
    if (one.bucket === 0) return [{ ...one, sum: one.sum + 1n }];
    if (one.bucket === 1) return [{ ...one, rows: 2 }];
    return one.bucket === 2 ? [] : [one];
  });
  const planted = Math.min(3, base.length);
  const caught = batchesOf({ base, target }).flatMap(({ differing }) => differing).length;
  return { planted, caught: Math.min(caught, planted) };
}
