/** What was counted while rows were compared: of a page, a shard, a table or a run. */
import { z } from 'zod';
import { safeCount } from './scalars.ts';

/** Counts of candidates that converged, by the lag that was seen, in milliseconds at most. */
export const LAG_STEPS = [
  ['lagHalfSecond', 500],
  ['lagOneSecond', 1000],
  ['lagTwoSeconds', 2000],
  ['lagFourSeconds', 4000],
  ['lagEightSeconds', 8000],
  ['lagSixteenSeconds', 16_000],
  ['lagThirtyTwoSeconds', 32_000],
  ['lagSixtyFourSeconds', 64_000],
  ['lagTwoMinutes', 128_000],
  ['lagFourMinutes', 256_000],
  ['lagLonger', 512_000],
] as const;
type LagName = (typeof LAG_STEPS)[number][0];

const lagCounts = Object.fromEntries(LAG_STEPS.map(([name]) => [name, safeCount])) as Record<
  LagName,
  typeof safeCount
>;

/** What people are told of. */
export const reportedCounts = z.strictObject({
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
  /**
   * Differences that another run knew: confirmed again, compared equal, still changing, and those of which nothing can
   * be told. `knownNew`: confirmed ones that it did not know. They are no part of the counts above.
   */
  knownStill: safeCount,
  knownResolved: safeCount,
  knownUnstable: safeCount,
  knownHidden: safeCount,
  knownNew: safeCount,
});
export type ReportedCounts = z.infer<typeof reportedCounts>;

export const counts = reportedCounts.extend(lagCounts);
export type Counts = z.infer<typeof counts>;
export type CountName = keyof Counts;

export const COUNT_NAMES = Object.keys(counts.shape) as readonly CountName[];

export function zeroCounts(): Counts {
  return Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as Counts;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return Object.fromEntries(COUNT_NAMES.map((name) => [name, a[name] + b[name]])) as Counts;
}

export function withoutLags(summed: Counts): ReportedCounts {
  return Object.fromEntries(
    Object.keys(reportedCounts.shape).map((name) => [name, summed[name as CountName]]),
  ) as ReportedCounts;
}

/** Some of the counts. */
export type SomeCounts = { readonly [name in CountName]?: number | undefined };

/** Adds some counts to `sum`; counts that are left out keep their value. */
export function plusCounts(sum: Counts, add: SomeCounts): Counts {
  const total = { ...sum };
  addInto(total, add);
  return total;
}

/** The same in place: for a sum that grows by every row. */
export function addInto(sum: Counts, add: SomeCounts): void {
  for (const name of Object.keys(add) as CountName[]) sum[name] += add[name] ?? 0;
}

/** Confirmed inconsistencies of all three types. */
export function confirmedOf(summed: Pick<Counts, 'targetMissing' | 'neq' | 'baseMissing'>): number {
  return summed.targetMissing + summed.neq + summed.baseMissing;
}
