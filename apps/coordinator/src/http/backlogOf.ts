/** Shards that want a worker: what a fleet is to be scaled by. 0 when every run is settled, planned or cancelled. */
import type { Ledger } from '@rowparity/core';

export async function backlogOf(ledger: Pick<Ledger, 'openRuns' | 'getRun' | 'totals'>): Promise<number> {
  let backlog = 0;
  for (const runId of await ledger.openRuns()) {
    const run = await ledger.getRun(runId);
    if (run?.state !== 'running' || run.cancelRequested) continue;
    for (const { shards } of await ledger.totals(runId)) backlog += shards.planned + shards.running;
  }
  return backlog;
}
