/** What was counted while rows were compared: of a page, a shard, a table or a run. */
import { z } from 'zod';
import { safeCount } from './scalars.ts';

export const counts = z.strictObject({
  /** Rows read and compared on each side. */
  rowsBase: safeCount,
  rowsTarget: safeCount,
  /** Confirmed inconsistencies, by type. */
  targetMissing: safeCount,
  neq: safeCount,
  baseMissing: safeCount,
  /** Keys seen different once; each ends as confirmed, converged or unstable. */
  candidates: safeCount,
  converged: safeCount,
  unstable: safeCount,
  /** Rows whose bytes differ and whose values are equal under declared rules, by rule. */
  equalByJson: safeCount,
  equalByNegativeZero: safeCount,
  equalByFloatWidth: safeCount,
  equalBySetOrder: safeCount,
  /** The self-test: differences planted in copies and digests of rows, and those of them that the comparison found. */
  planted: safeCount,
  caught: safeCount,
});
export type Counts = z.infer<typeof counts>;
export type CountName = keyof Counts;

export const COUNT_NAMES = Object.keys(counts.shape) as readonly CountName[];

export function zeroCounts(): Counts {
  return Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as Counts;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return Object.fromEntries(COUNT_NAMES.map((name) => [name, a[name] + b[name]])) as Counts;
}

/** Some of the counts. */
export type SomeCounts = { readonly [name in CountName]?: number | undefined };

/** Adds some counts to `sum`; counts that are left out keep their value. */
export function plusCounts(sum: Counts, add: SomeCounts): Counts {
  const total = { ...sum };
  for (const [name, count] of Object.entries(add)) total[name as CountName] += count ?? 0;
  return total;
}

/** Confirmed inconsistencies of all three types. */
export function confirmedOf(summed: Counts): number {
  return summed.targetMissing + summed.neq + summed.baseMissing;
}
