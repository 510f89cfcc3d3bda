/** Ends a run when all its shards are done: checks the schemas again, makes the verdict, records it. */
import {
  type Failure,
  failureOf,
  type RunHeader,
  type TableChange,
  type Verdict,
} from '@rowparity/contracts';
import { type CatalogDeps, roleCatalogs } from '../catalogs/roleCatalogs.ts';
import { schemaChanges } from '../catalogs/schemaChanges.ts';
import type { AskingDeps } from '../catalogs/tablesAsked.ts';
import { STEP_RETRY } from '../faults/retry.ts';
import { isUnreadable } from '../ledgering/readableRuns.ts';
import { readWholeRun, type WholeRun } from '../ledgering/wholeRun.ts';
import type { LedgerReadings, RunStore, TableTotals } from '../ports/ledger.ts';
import { partFailure } from './partOfRows.ts';
import { recheckedFailure } from './rechecked.ts';
import {
  areKnownResolved,
  doneOf,
  isAllDone,
  isDrained,
  isMatchInPart,
  type VerdictGrounds,
  verdictOf,
  verdictOfEnded,
} from './verdict.ts';

export interface SettlingDeps extends CatalogDeps, AskingDeps {
  readonly ledger: RunStore & LedgerReadings;
}

/**
 * Undefined when the run was settled before, when a shard is not done, or when the ledger has lost records that the
 * verdict was made of. If a server cannot be reached or the plan cannot be read, the run becomes inconclusive: a plan
 * that cannot be read now stays so.
 */
export async function settleRun(
  { runId }: Pick<RunHeader, 'runId'>,
  deps: SettlingDeps,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const { ledger, clock } = deps;
  const header = await ledger.getRun(runId);
  const run = header && (await readWholeRun(runId, ledger).catch(failureIfUnreadable));
  if (run && 'code' in run) return settleUnread(header, run, deps);
  // Only the plan says how many shards there must be.
  if (!run || run.planName === null || run.tables.length !== run.tableCount) return undefined;
  const { changed, failure } = await lookAgain(run, deps, signal);
  const totals = await ledger.totals(runId);
  // All shards were done when the caller looked. A failover may have undone some since.
  if (!isAllDone(run, totals)) return undefined;
  const failures = new Map(changed.map((change) => [change.table, change.failure]));
  const tables = run.tables.map((table, i) => ({ ...table, changed: failures.get(i) }));
  const grounds = { ...run, tables, failure };
  const verdict = verdictOf(grounds, totals);
  const doneShards = totals.reduce((sum, { shards }) => sum + doneOf(shards), 0);
  const why = failure ?? reasonOf(run, grounds, totals);
  const end = { verdict, failure: why, now: clock.now(), basis: { changed, doneShards } };
  return (await ledger.settle(runId, end)) ? verdict : undefined;
}

/** Why a run in which everything matched is not consistent. */
function reasonOf(run: WholeRun, grounds: VerdictGrounds, totals: readonly TableTotals[]): Failure | null {
  if (isMatchInPart(grounds, totals)) return partFailure(run);
  return areKnownResolved(grounds, totals) ? recheckedFailure(run, totals) : null;
}

function failureIfUnreadable(error: unknown): Failure {
  if (!isUnreadable(error)) throw error;
  return failureOf(error);
}

async function settleUnread(
  header: RunHeader,
  failure: Failure,
  { ledger, clock }: SettlingDeps,
): Promise<Verdict | undefined> {
  const sums = await ledger.sums(header.runId);
  if (!isDrained(header, sums)) return undefined;
  const verdict = verdictOfEnded(sums);
  return (await ledger.settle(header.runId, { verdict, failure, now: clock.now() })) ? verdict : undefined;
}

async function lookAgain(
  run: WholeRun,
  deps: SettlingDeps,
  signal: AbortSignal,
): Promise<{ readonly changed: readonly TableChange[]; readonly failure: Failure | null }> {
  try {
    const catalogs = roleCatalogs(run, deps, { policy: { ...STEP_RETRY, timeoutTries: 2 }, signal });
    return { changed: await schemaChanges(run.tables, { ...deps, catalogs, signal }), failure: null };
  } catch (error) {
    if (signal.aborted) throw error;
    return { changed: [], failure: failureOf(error) };
  }
}
