/** Ends a run all of whose shards are done: looks at the schemas once more, makes the verdict, records it. */
import type { Failure, RunRecord, TableRecord, Verdict } from '@rowparity/contracts';
import { failureOf } from '../fault.ts';
import { type CatalogPorts, roleCatalogs } from '../planning/roleCatalogs.ts';
import type { LedgerReadings, RunStore } from '../ports/ledger.ts';
import { STEP_RETRY } from '../validating/retry.ts';
import { withSchemaChanges } from './schemaChanges.ts';
import { doneOf, isAllDone, verdictOf } from './verdict.ts';

export interface SettlingPorts extends CatalogPorts {
  readonly ledger: RunStore & LedgerReadings;
}

/**
 * Undefined when the run was settled before, when a shard is not done (any more), or when the ledger does not know any more
 * what the verdict was made of. A server that cannot be asked any more leaves the run inconclusive.
 */
export async function settleRun(
  run: RunRecord,
  ports: SettlingPorts,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const { ledger, clock } = ports;
  let tables: readonly TableRecord[] = run.tables;
  let failure: Failure | null = null;
  try {
    const catalogs = roleCatalogs(run.spec, ports, { policy: { ...STEP_RETRY, timeoutTries: 2 }, signal });
    tables = await withSchemaChanges(run, catalogs, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    failure = failureOf(error);
  }
  const totals = await ledger.totals(run.runId);
  // All were done when the caller looked; a failover may have taken some back while the servers were asked.
  if (!isAllDone(run, totals)) return undefined;
  const verdict = verdictOf({ ...run, tables: [...tables], failure }, totals);
  const doneShards = totals.reduce((sum, { shards }) => sum + doneOf(shards), 0);
  const isFirst = await ledger.settle(run.runId, {
    verdict,
    failure,
    now: clock.now(),
    basis: { tables, doneShards },
  });
  return isFirst ? verdict : undefined;
}
