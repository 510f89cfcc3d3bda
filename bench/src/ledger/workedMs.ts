/** From the first claim of a run to its last outcome, as the ledger has them. */
import type { LedgerReadings } from '@rowparity/core';

const LIST_SLICE = 1000;

export async function workedMs(ledger: LedgerReadings, runId: string, shards: number): Promise<number> {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let start = 0; start < shards; start += LIST_SLICE) {
    for (const { claimedAt, finishedAt } of await ledger.listShards(runId, start, LIST_SLICE)) {
      first = Math.min(first, claimedAt ?? first);
      last = Math.max(last, finishedAt ?? last);
    }
  }
  return last - first;
}
