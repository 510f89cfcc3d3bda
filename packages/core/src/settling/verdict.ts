/**
 * The verdict of a run from what the ledger holds. `consistent` is the only verdict that needs everything: a plan
 * for every table pair, at least one pair, and `match` from every shard (law 2).
 */
import {
  addCounts,
  type Counts,
  confirmedOf,
  type Failure,
  type InheritedShards,
  isRecheck,
  type RunHeader,
  type RunSpec,
  type Verdict,
  zeroCounts,
} from '@rowparity/contracts';
import type { WholeRun } from '../ledgering/wholeRun.ts';
import type { ShardTallies, TableTotals } from '../ports/ledger.ts';

/** What a verdict is made from, beside the totals: a run's record, or the lines of its certificate. */
export interface VerdictGrounds extends Pick<RunHeader, 'failure' | 'cancelRequested' | 'plannedAt'> {
  /** Where it asks for a part of the rows only, or for known differences alone, nothing is said of the others. */
  readonly spec: Pick<RunSpec, 'basedOn' | 'changedSince'>;
  readonly tables: readonly {
    /** Null: the pair was refused. */
    readonly plan: object | null;
    readonly changed?: Failure | undefined;
    /** What was compared in an earlier run: it proves nothing about this one. */
    readonly inherited?: InheritedShards | undefined;
    /** Shards of the plan. */
    readonly shards: number;
  }[];
}

export function verdictOf(run: VerdictGrounds, totals: readonly TableTotals[]): Verdict {
  const counts = sumCounts(totals);
  if (isDifferent(counts)) return 'inconsistent';
  if (hasMissed(counts)) return 'inconclusive';
  if (run.failure || run.cancelRequested || run.plannedAt === null || run.tables.length === 0)
    return 'inconclusive';
  if (isRecheck(run.spec) || isPartial(run)) return 'inconclusive';
  const allMatch = everyPlanned(run, totals, (shards) => shards.match === shardsOf(shards));
  return allMatch ? 'consistent' : 'inconclusive';
}

/** This run did not compare every row: some shards are inherited, or it was asked for a part of the rows (law 2). */
function isPartial({ spec, tables }: VerdictGrounds): boolean {
  return spec.changedSince !== undefined || tables.some(({ inherited }) => inherited !== undefined);
}

/** Every row that this run compared matches, and it did not compare every row. */
export function isMatchInPart(run: VerdictGrounds, totals: readonly TableTotals[]): boolean {
  if (!isPartial(run) || isRecheck(run.spec)) return false;
  const tables = run.tables.map((table) => ({ ...table, inherited: undefined }));
  return verdictOf({ ...run, spec: {}, tables }, totals) === 'consistent';
}

/** The verdict of a run that ends before its shards are all done: it needs no plan, for it is never `consistent`. */
export function verdictOfEnded({ counts }: Pick<TableTotals, 'counts'>): Verdict {
  return isDifferent(counts) ? 'inconsistent' : 'inconclusive';
}

/** Of a run that only looked at known differences: each of them compared equal. */
export function areKnownResolved(run: VerdictGrounds, totals: readonly TableTotals[]): boolean {
  if (!isRecheck(run.spec) || run.failure || run.cancelRequested || run.plannedAt === null) return false;
  return totals.every(({ shards }) => shards.match === shardsOf(shards));
}

/** A known difference that was confirmed again is one, as in the run that found it. */
function isDifferent(counts: Counts): boolean {
  return confirmedOf(counts) + counts.knownStill > 0;
}

/** How many shards a table pair has by now: those of its plan, and those that were split off. */
export function shardsOf(tallies: ShardTallies): number {
  return tallies.planned + tallies.running + doneOf(tallies);
}

/** Shards with an outcome. */
export function doneOf({ match, differs, inconclusive }: ShardTallies): number {
  return match + differs + inconclusive;
}

/** A comparison that missed a planted difference may have missed others. */
function hasMissed({ planted, caught }: Counts): boolean {
  return caught < planted;
}

/**
 * True when the run as a whole did not fail, every table pair was planned, every shard ended `match` or `differs` in
 * this run, and no row stayed unstable. Nothing is known about an unstable row, also when its shard found differences.
 */
export function isComplete(run: VerdictGrounds, totals: readonly TableTotals[]): boolean {
  if (run.failure || run.plannedAt === null || run.tables.length === 0 || isRecheck(run.spec)) return false;
  if (isPartial(run)) return false;
  const counts = sumCounts(totals);
  if (hasMissed(counts) || counts.unstable > 0) return false;
  return everyPlanned(run, totals, (shards) => shards.match + shards.differs === shardsOf(shards));
}

/** Of table pairs with a plan that still holds, all of whose shards the totals know. */
function everyPlanned(
  run: VerdictGrounds,
  totals: readonly TableTotals[],
  is: (shards: ShardTallies) => boolean,
): boolean {
  return run.tables.every((table, i) => {
    const shards = totals[i]?.shards;
    if (!table.plan || table.changed || table.shards === 0 || shards === undefined) return false;
    return shardsOf(shards) >= table.shards && is(shards);
  });
}

/** Judged by header and sums only. If true, every table is checked. */
export function isDrained({ shards }: Pick<RunHeader, 'shards'>, sums: TableTotals): boolean {
  return isDone(sums.shards) && shardsOf(sums.shards) >= shards;
}

export function isAllDone(run: Pick<WholeRun, 'tables'>, totals: readonly TableTotals[]): boolean {
  return run.tables.every((table, i) => {
    const shards = totals[i]?.shards;
    return shards !== undefined && isDone(shards) && shardsOf(shards) >= table.shards;
  });
}

/** A shard is split only while it is held, so no split can be missing here. */
function isDone({ planned, running }: ShardTallies): boolean {
  return planned === 0 && running === 0;
}

export function sumCounts(totals: readonly Pick<TableTotals, 'counts'>[]): Counts {
  return totals.reduce((sum, table) => addCounts(sum, table.counts), zeroCounts());
}
