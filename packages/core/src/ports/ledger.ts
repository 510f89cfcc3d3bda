/**
 * The durable record of runs and shards, and the only truth about completion. Every write to a shard names its
 * attempt: a stale attempt can write nothing (law 4). Totals are kept by the commits themselves.
 */
import type {
  Counts,
  Failure,
  KeyTuple,
  Outcome,
  PlannedShard,
  RunRecord,
  RunSpec,
  ServerIdentity,
  ShardRecord,
  TableRecord,
  UnstableRow,
  Verdict,
} from '@rowparity/contracts';
import type { Sides } from '../sides/sides.ts';

export type CreateRunResult =
  /** The run did not exist. */
  | { readonly kind: 'created' }
  /** The run exists with the same spec. */
  | { readonly kind: 'same'; readonly run: RunRecord }
  /** The run exists with another spec: refused. */
  | { readonly kind: 'different'; readonly run: RunRecord };

export type ClaimResult =
  /** The shard is held under a new attempt; any earlier attempt is fenced from now on. */
  | {
      readonly kind: 'claimed';
      readonly shard: ShardRecord;
      readonly strikes: number;
      readonly hold: Hold;
      /** Of the plan that the shard belongs to, in Unix milliseconds: a plan that was lost is made anew, maybe another. */
      readonly plannedAt: number;
    }
  /** The shard has its outcome already. */
  | { readonly kind: 'done' }
  /** The run is settled or cancelled: nothing is left to do. */
  | { readonly kind: 'over' }
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

/** One making of a run's plan. The next one fences it, as a later attempt fences a hold. */
export interface Planning {
  readonly runId: string;
  /** No other planning ever has it: not even one that begins after the store forgot this one. */
  readonly name: string;
}

export type PlanWriteResult =
  | { readonly kind: 'written' }
  /** A later planning has begun: the planner must let go, nothing was written. */
  | { readonly kind: 'fenced' }
  /** The run is planned or settled already: nothing was written. */
  | { readonly kind: 'over' };

/**
 * Each write builds on the one before. A store that forgot an acknowledged write, as Redis does when a replica that lags
 * is promoted, refuses the next one: else a checkpoint would cover rows whose counts are lost, or a range whose rest
 * nobody has.
 */
export interface Hold {
  readonly runId: string;
  readonly shard: number;
  readonly attempt: number;
  /** Names the last write under this hold. */
  readonly last: string;
}

/** A row that stayed unstable: its key, and how it was seen last. */
export type UnstableKey = Pick<UnstableRow, 'key' | 'type'>;

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
}

export interface ShardTallies {
  readonly planned: number;
  readonly running: number;
  readonly match: number;
  readonly differs: number;
  readonly inconclusive: number;
}

/** One table pair's sums: `planned` of a tally counts every shard that no attempt holds and that is not done. */
export interface TableTotals {
  readonly counts: Counts;
  readonly shards: ShardTallies;
}

export interface ShardFailure {
  readonly shard: number;
  readonly table: number;
  readonly failure: Failure;
}

/** What a verdict on all shards was made of: read from the ledger, which may have forgotten some of it by the time it is told. */
export interface VerdictBasis {
  /** As they were found at the end. */
  readonly tables: readonly TableRecord[];
  /** Shards with an outcome: all that there are. */
  readonly doneShards: number;
}

/** A run as lists and metrics need it: without spec and plan, which may be a megabyte. */
export type RunHead = Pick<
  RunRecord,
  'runId' | 'state' | 'verdict' | 'cancelRequested' | 'createdAt' | 'settledAt'
>;

/** A run whose record cannot be read: of another version, or damaged. It must not hide the others. */
export interface UnreadableRun {
  readonly runId: string;
  /** Why, and what to do. */
  readonly message: string;
}

export interface RunList<Run> {
  readonly runs: readonly Run[];
  readonly unreadable: readonly UnreadableRun[];
}

export interface Ledger {
  /** Creates the run in state `accepted`, unless one of its id exists. */
  createRun(spec: RunSpec, now: number): Promise<CreateRunResult>;
  /** Throws RUN_UNREADABLE. */
  getRun(runId: string): Promise<RunRecord | undefined>;
  /** Throws RUN_UNREADABLE. */
  getHead(runId: string): Promise<RunHead | undefined>;
  /** The newest runs first. */
  listRuns(limit: number): Promise<RunList<RunRecord>>;
  /** The same, read without specs and plans. */
  listHeads(limit: number): Promise<RunList<RunHead>>;
  /** Ids of the runs that are not settled. */
  openRuns(): Promise<readonly string[]>;

  /** `accepted` or `planning` → `planning`; drops what an earlier, unfinished planning wrote, and fences it. */
  beginPlanning(runId: string): Promise<Planning>;
  /**
   * Adds planned shards; ranges of one run come in the order of their index, in one or many calls. Refuses a range
   * that does not begin where its forerunner of the same table ended: a plan with a gap cannot be written (law 2).
   */
  addShards(planning: Planning, shards: readonly PlannedShard[]): Promise<PlanWriteResult>;
  /** `planning` → `running`: the plan is complete. A run that is not `planning` is left alone. */
  completePlan(
    planning: Planning,
    tables: readonly TableRecord[],
    now: number,
    servers?: Sides<ServerIdentity>,
  ): Promise<PlanWriteResult>;
  /** `planning` → `settled`, inconclusive: there can be no plan. A run that is not `planning` is left alone. */
  refusePlan(planning: Planning, failure: Failure, now: number): Promise<PlanWriteResult>;
  /**
   * Records the verdict once: → `settled`. Returns false when the run was settled before, or when not exactly those shards
   * are there and done that the verdict was made of: nothing was written.
   */
  settle(
    runId: string,
    verdict: Verdict,
    failure: Failure | null,
    now: number,
    basis?: VerdictBasis,
  ): Promise<boolean>;
  /** From now on every claim and write answers `over`. Returns false when there is nothing to cancel. */
  requestCancel(runId: string): Promise<boolean>;
  /**
   * Forgets a run that is settled or cannot be read, all of it; its id is free again. `open`: it is not settled, and stays.
   * `unknown`: there is none; what may be left of one is removed.
   */
  deleteRun(runId: string): Promise<'deleted' | 'open' | 'unknown'>;

  /**
   * Takes shards from the plan in order until `window` of them are open (taken and not done), and returns the ones
   * taken now.
   */
  openShards(runId: string, window: number): Promise<readonly number[]>;
  /** Shards taken by `openShards` and not done yet. */
  listOpenShards(runId: string): Promise<readonly number[]>;

  /** Takes hold of a shard. A strike is an attempt that ended neither in a commit nor in a release. */
  claim(claim: {
    readonly runId: string;
    readonly shard: number;
    readonly holder: string;
    readonly strikesMax: number;
    readonly now: number;
  }): Promise<ClaimResult>;
  /**
   * Moves the checkpoint and adds the counts, together, once. Clears the strikes. Of a commit or finish that throws
   * nobody knows whether it was written: never repeat it, claim again and continue from the shard's checkpoint.
   */
  commit(hold: Hold, progress: Progress, now: number): Promise<HeldWriteResult>;
  /** Commits and ends the shard with its outcome. A failure is given exactly with `inconclusive`. */
  finish(
    hold: Hold,
    end: Progress & { readonly outcome: Outcome; readonly failure: Failure | null },
    now: number,
  ): Promise<WriteResult>;
  /**
   * Gives the rest of a held shard back: its range now ends at the first cut, and the ranges from cut to cut up to its
   * former end become new shards of the same table at the end of the plan, in one step. Whatever the keys mean, the
   * table's ranges are still one chain from open to open (law 2). Throws, and writes nothing, when there is no cut, or
   * when a cut is an end of the range, stands there twice, or lies before the checkpoint as far as the texts tell.
   */
  split(hold: Hold, cuts: readonly KeyTuple[]): Promise<HeldWriteResult>;
  /** Hands an unfinished shard back at its checkpoint: `running` → `planned`, without a strike. */
  release(hold: Hold): Promise<WriteResult>;

  getShard(runId: string, shard: number): Promise<ShardRecord | undefined>;
  /** Shards from index `from` on, at most `limit`, in order. */
  listShards(runId: string, from: number, limit: number): Promise<readonly ShardRecord[]>;
  /** Sums by table pair, in the plan's order. One read, whatever the number of shards. */
  totals(runId: string): Promise<readonly TableTotals[]>;
  /** The sums over all table pairs, read without the plan. */
  sums(runId: string): Promise<TableTotals>;
  /** What the ledger has lost of a planned run, for people, such as `the plan`; empty when nothing is missing. */
  damageOf(runId: string): Promise<readonly string[]>;
  /** The first failures of shards, and how many there are. */
  failures(
    runId: string,
    limit: number,
  ): Promise<{ readonly total: number; readonly first: readonly ShardFailure[] }>;

  /** Resolves when the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
