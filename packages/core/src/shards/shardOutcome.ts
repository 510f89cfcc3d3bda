/** How the validation of a shard ends, and the outcome that its counts make. */
import { type Counts, confirmedOf, type Failure, type Outcome } from '@rowparity/contracts';
import type { Progress } from '../ports/ledger.ts';

export type ShardEnd =
  /** Everything is compared; what is left to commit goes with the outcome. */
  | {
      readonly kind: 'ended';
      readonly outcome: Outcome;
      readonly failure: Failure | null;
      readonly rest: Progress;
    }
  /** Another attempt holds the shard, or the run is over: nothing more may be written. */
  | { readonly kind: 'lost' };

export function outcomeOf(counts: Counts, isBehind = false): { outcome: Outcome; failure: Failure | null } {
  if (counts.caught < counts.planted) {
    const message = `Of ${counts.planted} differences that were planted in copies and digests of rows, ${counts.caught} were found: the comparison cannot be trusted. This is a bug; please report it.`;
    return { outcome: 'inconclusive', failure: { code: 'RECALL_FAILED', message } };
  }
  if (confirmedOf(counts) > 0) return { outcome: 'differs', failure: null };
  if (counts.unstable > 0 && isBehind) return { outcome: 'inconclusive', failure: behind(counts.unstable) };
  if (counts.unstable > 0) {
    const message = `${counts.unstable} rows were still changing when the recheck policy ended; run again when they change less.`;
    return { outcome: 'inconclusive', failure: { code: 'UNSTABLE_ROWS', message } };
  }
  return { outcome: 'match', failure: null };
}

function behind(rows: number): Failure {
  const message = `${rows} rows differed while the replica had not applied what its source had, for longer than recheck.maxWaitMs: nothing tells whether they are on their way. Look at replication, then order a new run; where the servers replicate no more, set recheck.fence to off.`;
  return { code: 'TARGET_BEHIND', message };
}
