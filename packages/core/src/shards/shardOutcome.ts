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

export function outcomeOf(counts: Counts): { outcome: Outcome; failure: Failure | null } {
  if (counts.caught < counts.planted) {
    const message = `Of ${counts.planted} differences that were planted in copies and digests of rows, ${counts.caught} were found: the comparison cannot be trusted. This is a bug; please report it.`;
    return { outcome: 'inconclusive', failure: { code: 'RECALL_FAILED', message } };
  }
  if (confirmedOf(counts) > 0) return { outcome: 'differs', failure: null };
  if (counts.unstable > 0) {
    const message = `${counts.unstable} rows were still changing when the recheck policy ended; run again when they change less, or allow more looks in recheck.delaysMs, each longer than the lag.`;
    return { outcome: 'inconclusive', failure: { code: 'UNSTABLE_ROWS', message } };
  }
  return { outcome: 'match', failure: null };
}
