/** Plans of tables whose rows are compared as multisets of digests: what stands in the way, buckets and shards. */
import {
  type ComparedColumn,
  type KeyRange,
  MULTISET_BUCKETS_MAX,
  type RuleName,
} from '@rowparity/contracts';
import { findColumn } from '../../catalogs/columnNames.ts';
import type { CatalogTable } from '../../ports/catalog.ts';
import { SIDES, type Sides } from '../../sides/sides.ts';

/** Rows of a bucket: few, so that little is read where little differs. */
const BUCKET_ROWS = 128;
const BUCKETS_MIN = 16;
/** A shard costs passes over the whole table, so it has this many times the wanted rows. */
const SHARD_FACTOR = 100;
const SHARDS_MAX = 64;

/** A digest of equal values must be the same on both sides; undefined where it is. */
export function multisetProblem(
  columns: readonly ComparedColumn[],
  tables: Sides<CatalogTable>,
): string | undefined {
  const column = columns.find((one) => one.rules.some((rule) => !isDigestible(rule, one, tables)));
  return (
    column &&
    `equal values of column ${column.names.base} (${column.types.base}) may be written in two ways; leave it out with excludeColumns`
  );
}

/** One kind of server writes equal JSON documents alike; −0 is digested as 0. */
function isDigestible(rule: RuleName, { names }: ComparedColumn, tables: Sides<CatalogTable>): boolean {
  if (rule === 'negativeZero') return true;
  if (rule !== 'json') return false;
  const [base, target] = SIDES.map((side) => findColumn(tables[side], names[side]));
  // JSON that is kept as text has a collation, and is written as it came.
  return base?.wireClass === target?.wireClass && (base?.collation === null) === (target?.collation === null);
}

/** A power of two. */
export function bucketsFor(rows: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, rows / BUCKET_ROWS)));
  return Math.min(MULTISET_BUCKETS_MAX, Math.max(BUCKETS_MIN, wanted));
}

/** Ranges of buckets, tiling (−∞, +∞). */
export function cutBuckets(
  buckets: number,
  { rows, wantedRows }: { readonly rows: number; readonly wantedRows: number },
): KeyRange[] {
  const shards = Math.min(SHARDS_MAX, buckets, Math.max(1, Math.ceil(rows / (SHARD_FACTOR * wantedRows))));
  const end = (i: number) => [String(Math.floor((buckets * i) / shards) - 1)];
  return Array.from({ length: shards }, (_, i) => ({
    after: i === 0 ? null : end(i),
    upTo: i === shards - 1 ? null : end(i + 1),
  }));
}
