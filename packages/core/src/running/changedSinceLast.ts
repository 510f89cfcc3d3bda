/**
 * From when on a generation of a watch has to look at what changed. Only where the generation before looked at all that
 * it should: what it could not compare may have changed before, too.
 */
import type { ChangedSince, RunHeader, WatchRecord } from '@rowparity/contracts';
import { isUnreadable } from '../ledgering/readableRuns.ts';
import { readWholeRun, type WholeRunReadings } from '../ledgering/wholeRun.ts';
import type { LedgerReadings } from '../ports/ledger.ts';
import { shardsOf } from '../settling/verdict.ts';

export type CoverageReadings = WholeRunReadings & Pick<LedgerReadings, 'totals'>;

/** Undefined: the generation compares all rows. */
export async function changedSinceLast(
  { spec: { incremental } }: WatchRecord,
  { generation, last }: { readonly generation: number; readonly last: RunHeader | undefined },
  ledger: CoverageReadings,
): Promise<ChangedSince | undefined> {
  if (!incremental || !last || (generation - 1) % incremental.fullEvery === 0) return undefined;
  if (!(await lookedAtAll(last, ledger))) return undefined;
  const { column, overlapMs } = incremental;
  return { time: new Date(last.createdAt).toISOString(), column, overlapMs };
}

/** Every table pair was planned and stayed as it was, every shard has a result, and of every row something is known. */
async function lookedAtAll({ runId, failure }: RunHeader, ledger: CoverageReadings): Promise<boolean> {
  if (failure && failure.code !== 'CHANGED_ROWS_ONLY') return false;
  try {
    const run = await readWholeRun(runId, ledger);
    if (!run || run.tables.length === 0 || run.tables.length !== run.tableCount) return false;
    if (run.tables.some(({ plan, changed }) => !plan || changed)) return false;
    const totals = await ledger.totals(runId);
    return run.tables.every((_, i) => {
      const table = totals[i];
      if (!table) return false;
      const { shards, counts } = table;
      const untold = counts.unstable + counts.knownUnstable + counts.knownHidden;
      return (
        untold === 0 && counts.caught >= counts.planted && shards.match + shards.differs === shardsOf(shards)
      );
    });
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return false;
  }
}
