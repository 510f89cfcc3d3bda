/** What a map of a run needs of a shard, from what a store keeps of it. The rule stands here, once for both ledgers. */
import {
  confirmedOf,
  LAG_STEPS,
  type MarkState,
  type Outcome,
  plusCounts,
  type SomeCounts,
  zeroCounts,
} from '@rowparity/contracts';
import type { ShardMark } from '../ports/ledger/ledgerReadings.ts';

export interface StoredShard {
  readonly table: number;
  readonly after: string | null;
  readonly upTo: string | null;
  readonly holdsKeys: boolean;
  readonly state: string;
  readonly outcome: string | null;
  readonly counts: SomeCounts;
  readonly claimedAt: number | null;
  readonly committedAt: number | null;
  readonly isInherited: boolean;
}

export function markOf(stored: StoredShard): ShardMark {
  const { table, after, upTo, holdsKeys, claimedAt, committedAt, isInherited } = stored;
  const counts = plusCounts(zeroCounts(), stored.counts);
  return {
    ...{ table, after, upTo, holdsKeys, claimedAt, committedAt, isInherited },
    state: stateOf(stored),
    rows: counts.rowsBase + counts.rowsTarget,
    confirmed: confirmedOf(counts),
    converged: counts.converged,
    slowestMs: LAG_STEPS.findLast(([name]) => counts[name] > 0)?.[1] ?? 0,
  };
}

function stateOf({ state, outcome }: StoredShard): MarkState {
  if (state === 'done') return outcome as Outcome;
  return state === 'running' ? 'running' : 'planned';
}
