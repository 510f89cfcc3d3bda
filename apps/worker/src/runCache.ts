/**
 * Remembers the runs that shards were lately worked on. Spec and plan of a run do not change any more, except when a
 * failover of Redis lost the plan: then another is made, which need not be the same.
 */
import type { RunRecord } from '@rowparity/contracts';
import { Fault, type LedgerReadings } from '@rowparity/core';

/** Runs in one process at the same time are few; a plan of a thousand tables is about a megabyte. */
const RUNS_MAX = 16;

/** Of a run, the record with the plan that was made at `plannedAt`. */
export function runCache(
  ledger: Pick<LedgerReadings, 'getRun'>,
): (runId: string, plannedAt: number) => Promise<RunRecord> {
  const runs = new Map<string, RunRecord>();
  return async (runId, plannedAt) => {
    const known = runs.get(runId);
    if (known?.plannedAt === plannedAt) return known;
    const run = await ledger.getRun(runId);
    if (run?.plannedAt !== plannedAt) throw forgotten(runId);
    runs.set(runId, run);
    const oldest = runs.keys().next();
    if (runs.size > RUNS_MAX && !oldest.done) runs.delete(oldest.value);
    return run;
  };
}

function forgotten(runId: string): Fault {
  const message = `Run ${runId}: the plan that a shard was just claimed from is not in the ledger any more.`;
  return new Fault('transient', { code: 'CONNECTION_LOST', message }, { place: 'ledger' });
}
