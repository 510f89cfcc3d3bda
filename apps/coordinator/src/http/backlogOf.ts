import { isUnreadable, type LedgerReadings, type RunStore, takesWork } from '@rowparity/core';

type Reading = Pick<RunStore, 'openRuns'> & Pick<LedgerReadings, 'getRun' | 'sums'>;

export async function backlogOf(ledger: Reading): Promise<number> {
  let backlog = 0;
  for (const runId of await ledger.openRuns()) {
    backlog += await shardsOf(runId, ledger).catch(noneIfUnreadable);
  }
  return backlog;
}

async function shardsOf(runId: string, ledger: Reading): Promise<number> {
  const run = await ledger.getRun(runId);
  if (!run || !takesWork(run)) return 0;
  const { shards } = await ledger.sums(runId);
  return Math.max(0, shards.planned) + Math.max(0, shards.running);
}

function noneIfUnreadable(error: unknown): number {
  if (!isUnreadable(error)) throw error;
  return 0;
}
