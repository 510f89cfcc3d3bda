/** Remembers the runs that shards were lately worked on: their spec and plan do not change any more. */
import type { RunRecord } from '@rowparity/contracts';
import { Fault, type Ledger } from '@rowparity/core';

/** Runs in one process at the same time are few; a plan of a thousand tables is about a megabyte. */
const RUNS_MAX = 16;

export function runCache(ledger: Ledger): (runId: string) => Promise<RunRecord> {
  const runs = new Map<string, RunRecord>();
  return async (runId) => {
    const known = runs.get(runId);
    if (known) return known;
    const run = await ledger.getRun(runId);
    if (!run) {
      throw new Fault('permanent', {
        code: 'INTERNAL',
        message: `Run ${runId} is not in the ledger any more.`,
      });
    }
    runs.set(runId, run);
    const oldest = runs.keys().next();
    if (runs.size > RUNS_MAX && !oldest.done) runs.delete(oldest.value);
    return run;
  };
}
