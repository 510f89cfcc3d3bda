/**
 * The verdict of a run from what the ledger holds. `consistent` is the only verdict that needs everything: a plan
 * for every table pair, at least one pair, and `match` from every shard (law 2).
 */
import {
  addCounts,
  type Counts,
  confirmedOf,
  type RunRecord,
  type Verdict,
  zeroCounts,
} from '@rowparity/contracts';
import type { TableTotals } from '../ports/ledger.ts';

export function verdictOf(run: RunRecord, totals: readonly TableTotals[]): Verdict {
  if (confirmedOf(sumCounts(totals)) > 0) return 'inconsistent';
  if (run.failure || run.cancelRequested || run.plannedAt === null || run.tables.length === 0)
    return 'inconclusive';
  const allMatch = run.tables.every((table, i) => {
    const shards = totals[i]?.shards;
    return table.plan !== null && shards !== undefined && table.shards > 0 && shards.match === table.shards;
  });
  return allMatch ? 'consistent' : 'inconclusive';
}

/** True when every table pair was planned and every shard of it ended `match` or `differs`. */
export function isComplete(run: RunRecord, totals: readonly TableTotals[]): boolean {
  if (run.plannedAt === null || run.tables.length === 0) return false;
  return run.tables.every((table, i) => {
    const shards = totals[i]?.shards;
    return (
      table.plan !== null &&
      shards !== undefined &&
      table.shards > 0 &&
      shards.match + shards.differs === table.shards
    );
  });
}

export function isAllDone(run: RunRecord, totals: readonly TableTotals[]): boolean {
  return run.tables.every((table, i) => {
    const shards = totals[i]?.shards;
    return shards !== undefined && shards.match + shards.differs + shards.inconclusive === table.shards;
  });
}

export function sumCounts(totals: readonly TableTotals[]): Counts {
  return totals.reduce((sum, table) => addCounts(sum, table.counts), zeroCounts());
}
