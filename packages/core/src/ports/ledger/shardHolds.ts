/** Holding shards. Every write names its hold, and a stale hold can write nothing (law 4). */
import type {
  Counts,
  DifferenceGroups,
  Direction,
  Failure,
  KeyTuple,
  KnownDifference,
  Outcome,
  ShardRecord,
  UnstableRow,
} from '@rowparity/contracts';

/**
 * Each write builds on the one before. A store that forgot an acknowledged write, as Redis does when a replica that
 * lags is promoted, refuses the next one: else a checkpoint would cover rows whose counts are lost, or a range whose
 * rest belongs to no shard.
 */
export interface Hold {
  readonly runId: string;
  readonly shard: number;
  readonly attempt: number;
  /** Names the last write under this hold. */
  readonly last: string;
}

export interface ClaimInput {
  readonly runId: string;
  readonly shard: number;
  /** The claim is for this generation of the run: another one is `over` for it. Any when left out. */
  readonly generation?: number;
  /** Names the process, for people. */
  readonly holder: string;
  /** A strike is an attempt that ended neither in a commit nor in a release. */
  readonly strikesMax: number;
  readonly now: number;
}

export type ClaimResult =
  /** The shard is held under a new attempt; any earlier attempt is fenced from now on. */
  | {
      readonly kind: 'claimed';
      readonly shard: ShardRecord;
      readonly strikes: number;
      readonly hold: Hold;
      /** The plan of the shard. A lost plan is made again, under another name. */
      readonly planName: string;
      readonly direction: Direction;
      readonly generation: number;
    }
  /** The shard has its outcome already. */
  | { readonly kind: 'done' }
  /** The run is settled or cancelled: nothing is left to do. */
  | { readonly kind: 'over' }
  /** The run is paused: its shard gets another job when it is resumed. */
  | { readonly kind: 'paused' }
  /** No such run or shard. */
  | { readonly kind: 'unknown' }
  /** Too many attempts ended without progress: the claim itself ended the shard inconclusive. */
  | { readonly kind: 'exhausted' };

export type WriteRefused =
  /**
   * A later attempt holds the shard, or it is done, or the ledger does not know what this hold wrote last: the writer
   * must let go, nothing was written.
   */
  | { readonly kind: 'fenced' }
  /** The run was cancelled or settled: the writer must let go, nothing was written. */
  | { readonly kind: 'over' };

export type WriteResult = { readonly kind: 'written' } | WriteRefused;

/** The next write goes with the new hold; the one before is used up. */
export type HeldWriteResult = { readonly kind: 'written'; readonly hold: Hold } | WriteRefused;

/** A row that stayed unstable: its key, how it was seen last, and for how long it was followed. */
export type UnstableKey = Omit<UnstableRow, 'shard' | 'table'>;

/** A confirmed difference as the holder of its table's shard gives it. */
export type KnownRow = Omit<KnownDifference, 'table'>;

/** Confirmed differences to keep. A row that the run knows is replaced. */
export interface KnownRows {
  /** Most that are kept of the table pair, without those that are resolved. What does not fit counts as beyond. */
  readonly keep: number;
  readonly rows: readonly KnownRow[];
  /** Further ones, which only count. */
  readonly beyond: number;
}

/** What an attempt has read and not committed, because candidates are open; for people who look on. */
export interface Pending {
  /** Of the larger side. */
  readonly rows: number;
  readonly candidates: number;
}

export interface Progress {
  /**
   * The new checkpoint: everything up to it is compared, and its events are acknowledged. Null: none yet; then the
   * one before stays.
   */
  readonly checkpoint: KeyTuple | null;
  /** Counts since the last commit of this attempt. */
  readonly add: Counts;
  /** Some of the rows that `add` counts as unstable: the run names the first ones, and keeps no more. */
  readonly unstable?: readonly UnstableKey[];
  /** Those that `add` counts as confirmed. */
  readonly known?: KnownRows;
  /** The same rows, by the way in which they differ; those without a key, too. */
  readonly groups?: DifferenceGroups;
  /** Replaces what the attempt told before; none when left out. */
  readonly pending?: Pending;
}

export interface FinishInput extends Progress {
  readonly outcome: Outcome;
  /** Given exactly with `inconclusive`. */
  readonly failure: Failure | null;
}

export interface ShardHolds {
  /** Takes hold of a shard. */
  claim(claim: ClaimInput): Promise<ClaimResult>;
  /**
   * Moves the checkpoint and adds the counts, together, once. Clears the strikes where there is a checkpoint: what is
   * only pending is no progress. A commit or finish that throws may
   * have been written: never repeat it, claim again and continue from the shard's checkpoint.
   */
  commit(hold: Hold, progress: Progress, now: number): Promise<HeldWriteResult>;
  /** Commits and ends the shard with its outcome. */
  finish(hold: Hold, end: FinishInput, now: number): Promise<WriteResult>;
  /**
   * Splits the rest off a held shard, in one step: its range now ends at the first cut, and the ranges from cut to cut
   * up to its former end become new shards of the same table at the end of the plan. The table's ranges remain one
   * chain from open to open (law 2). Throws, and writes nothing, when there is no cut, or when a cut is an end of the
   * range, occurs twice, or lies before the checkpoint as far as the texts show.
   */
  split(hold: Hold, cuts: readonly KeyTuple[]): Promise<HeldWriteResult>;
  /** Releases an unfinished shard at its checkpoint: `running` → `planned`, without a strike. */
  release(hold: Hold): Promise<WriteResult>;
}
