/** What the keys of a plan name: its key columns and its predicate. A row is found again only by a plan of the same. */
import type { PlacedTablePlan } from '@rowparity/contracts';
import { fingerprintOf } from '../hashing/canonicalJson.ts';

const CHARS = 16;

/** By place, so that the direction does not matter. */
export function keySpaceOf({ key, columns, where }: PlacedTablePlan): string {
  const parts = key.map(({ column, kind }) => ({ kind, names: columns[column]?.names ?? null }));
  return fingerprintOf({ where, key: parts }).slice(0, CHARS);
}
