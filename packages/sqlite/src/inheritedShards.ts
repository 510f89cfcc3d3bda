/** Shards of a plan that were compared in an earlier run: they are done before the run begins. */
import { type InheritedShard, notInPlan } from '@rowparity/core';
import type { LedgerStore } from './ledgerStore.ts';
import { encodeJson, encodeKey } from './records.ts';
import { addToTotals, tally } from './totals.ts';

export function inheritShard(store: LedgerStore, runId: string, inherited: InheritedShard): void {
  const { shard, counts, outcome } = inherited;
  const known = store.first('SELECT tableIndex, state FROM shards WHERE runId = :runId AND shard = :shard', {
    runId,
    shard,
  });
  if (!known) throw notInPlan(runId, shard);
  if (known.state === 'done') return;
  const { attempt, checkpoint, failure, claimedAt, committedAt, finishedAt, inheritedFrom } = inherited;
  const tableIndex = Number(known.tableIndex);
  store.write(
    `UPDATE shards SET state = 'done', attempt = :attempt, checkpoint = :checkpoint, counts = :counts,
       outcome = :outcome, failure = :failure, claimedAt = :claimedAt, committedAt = :committedAt,
       finishedAt = :finishedAt, inheritedFrom = :inheritedFrom
     WHERE runId = :runId AND shard = :shard`,
    {
      ...{ runId, shard, attempt, outcome, claimedAt, committedAt, finishedAt, inheritedFrom },
      ...{ checkpoint: encodeKey(checkpoint), counts: JSON.stringify(counts), failure: encodeJson(failure) },
    },
  );
  addToTotals(store, { runId, tableIndex }, counts);
  tally(store, { runId, tableIndex }, { [outcome]: 1 });
  if (failure === null) return;
  store.write(
    'INSERT INTO failures (runId, shard, tableIndex, failure) VALUES (:runId, :shard, :tableIndex, :failure)',
    { runId, shard, tableIndex, failure: encodeJson(failure) },
  );
}
