/** How the validation of a shard ends, and the outcome that its counts make. */
import { type Counts, confirmedOf, type Failure, many, type Outcome } from '@rowparity/contracts';
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

/** Why rows waited for the fence in vain. */
export type Behind = 'behind' | 'silent';

export function outcomeOf(counts: Counts, waited?: Behind): { outcome: Outcome; failure: Failure | null } {
  if (counts.caught < counts.planted) {
    const message = `Of ${counts.planted} differences that were planted in copies and digests of rows, ${counts.caught} were found: the comparison cannot be trusted. This is a bug; please report it.`;
    return { outcome: 'inconclusive', failure: { code: 'RECALL_FAILED', message } };
  }
  if (confirmedOf(counts) > 0) return { outcome: 'differs', failure: null };
  if (counts.unstable > 0 && waited) {
    return {
      outcome: 'inconclusive',
      failure: { code: 'TARGET_BEHIND', message: WAITED[waited](counts.unstable) },
    };
  }
  if (counts.unstable > 0) {
    const message = `${many(counts.unstable, 'row was', 'rows were')} still changing when the recheck policy ended; run again when less changes.`;
    return { outcome: 'inconclusive', failure: { code: 'UNSTABLE_ROWS', message } };
  }
  return { outcome: 'match', failure: null };
}

/**
 * Of a shard that holds keys: known differences of another run. Where ranges follow, they prove what is to be proved,
 * and a key of which nothing can be told only stays known.
 */
export function outcomeOfKeys(
  counts: Counts,
  { waited, hasRanges }: { readonly waited?: Behind | undefined; readonly hasRanges: boolean },
): { outcome: Outcome; failure: Failure | null } {
  const { knownStill, knownUnstable, knownHidden } = counts;
  if (knownStill > 0) return { outcome: 'differs', failure: null };
  if (knownUnstable > 0) {
    const code = waited ? 'TARGET_BEHIND' : 'UNSTABLE_ROWS';
    const message = waited
      ? WAITED[waited](knownUnstable)
      : `${many(knownUnstable, 'known difference was', 'known differences were')} still changing when the recheck policy ended; look again when less changes.`;
    return { outcome: 'inconclusive', failure: { code, message } };
  }
  if (knownHidden > 0 && !hasRanges) {
    const message = `Of ${many(knownHidden, 'known difference', 'known differences')} nothing can be told: no side has a row of the key under the predicate, or it cannot be read by its key alone. Compare their shards: order a new run.`;
    return { outcome: 'inconclusive', failure: { code: 'KNOWN_OUT_OF_SIGHT', message } };
  }
  return { outcome: 'match', failure: null };
}

const WAITED: Readonly<Record<Behind, (rows: number) => string>> = {
  behind: (rows) =>
    `${many(rows, 'row', 'rows')} differed while the downstream had not applied what the upstream had, for longer than recheck.maxWaitMs: nothing tells what is on its way. Look at replication, then order a new run; where nothing travels from one side to the other any more, set recheck.fence to off.`,
  silent: (rows) =>
    `${many(rows, 'row', 'rows')} differed, and the value of recheck.fence stood still upstream for longer than recheck.maxWaitMs: without a new one nothing tells what is on its way. See that the heartbeat is written, at least every few seconds, then order a new run.`,
};
