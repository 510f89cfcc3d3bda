/** What a map of a run needs of a shard, from what a store keeps of it. The rule stands here, once for both ledgers. */
import { LAG_STEPS, type MarkState, type Outcome, type SomeCounts } from '@rowparity/contracts';
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

/** Called a million times for a map: it makes nothing but the mark. */
export function markOf(stored: StoredShard): ShardMark {
  const { table, after, upTo, holdsKeys, claimedAt, committedAt, isInherited, counts } = stored;
  const { rowsBase = 0, rowsTarget = 0, targetMissing = 0, neq = 0, baseMissing = 0, converged = 0 } = counts;
  return {
    table,
    after,
    upTo,
    holdsKeys,
    claimedAt,
    committedAt,
    isInherited,
    state: stateOf(stored),
    rows: rowsBase + rowsTarget,
    confirmed: targetMissing + neq + baseMissing,
    converged,
    slowestMs: converged > 0 ? slowestOf(counts) : 0,
  };
}

function slowestOf(counts: SomeCounts): number {
  return LAG_STEPS.findLast(([name]) => (counts[name] ?? 0) > 0)?.[1] ?? 0;
}

function stateOf({ state, outcome }: StoredShard): MarkState {
  if (state === 'done') return outcome as Outcome;
  return state === 'running' ? 'running' : 'planned';
}
