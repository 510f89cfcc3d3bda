/** Reading a ledger. No call here writes anything: a process that only reports needs no other right. */

import type {
  Counts,
  DifferenceGroups,
  Failure,
  KnownDifference,
  KnownPlace,
  KnownTotals,
  MarkState,
  RunHeader,
  RunPlace,
  RunPlan,
  RunRemarks,
  RunSpec,
  RunState,
  ShardRecord,
  Verdict,
} from '@rowparity/contracts';
import type { Pending } from './shardHolds.ts';

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

/** With what the running shards have read and not committed. */
export interface LiveTotals extends TableTotals {
  readonly pending: Pending;
}

export interface ShardFailure {
  readonly shard: number;
  readonly table: number;
  readonly failure: Failure;
}

export interface ShardFailures {
  readonly total: number;
  readonly first: readonly ShardFailure[];
}

/** What a map of a run needs of a shard. */
export interface ShardMark {
  /** Index of its table pair in the run. */
  readonly table: number;
  /** The ends of its range as texts: a range begins with the text that another one of its table ends with. */
  readonly after: string | null;
  readonly upTo: string | null;
  /** It reads single keys, and has no range. */
  readonly holdsKeys: boolean;
  readonly state: MarkState;
  /** Of both sides. */
  readonly rows: number;
  readonly confirmed: number;
  readonly converged: number;
  /** The slowest that converged took at most so long, in milliseconds; 0 without one. */
  readonly slowestMs: number;
  readonly claimedAt: number | null;
  readonly committedAt: number | null;
  /** It was compared in an earlier run. */
  readonly isInherited: boolean;
}

/** A run whose record cannot be read: of another version, or damaged. It must not hide the others. */
export interface UnreadableRun {
  readonly runId: string;
  /** Why, and what to do. */
  readonly message: string;
}

export interface RunList {
  readonly runs: readonly RunHeader[];
  readonly unreadable: readonly UnreadableRun[];
}

export interface RunPageQuery {
  /** Most runs of the page, those that cannot be read included; at least 1. */
  readonly limit: number;
  readonly state?: RunState;
  readonly verdict?: Verdict;
  /** The page begins behind it; with the newest run when left out. */
  readonly after?: RunPlace;
}

export interface RunPage extends RunList {
  /** The next page begins behind it; null: this was the last one. */
  readonly next: RunPlace | null;
}

export interface KnownPageQuery {
  readonly limit: number;
  /** The page begins behind it; with the first one when left out. */
  readonly after?: KnownPlace | undefined;
}

/** What the holders of a run's shards are to do. */
export type RunIntent =
  | 'work'
  /** The run is paused: release its shards. */
  | 'pause'
  /** The run is cancelled, settled or gone: nothing that they write is taken. */
  | 'stop';

/** The groups of a table pair that has differences. */
export interface TableGroups extends DifferenceGroups {
  readonly table: number;
}

/** A process and the shards of a run that it holds. */
export interface Holder {
  readonly name: string;
  readonly shards: number;
}

export interface LedgerReadings {
  /** The header: its size does not depend on what the run compares. Throws RUN_UNREADABLE. */
  getRun(runId: string): Promise<RunHeader | undefined>;
  /**
   * What the holders of shards of these runs are to do, in their order: one small read for all of them. A run whose
   * record cannot be read says `work`: its damage is found elsewhere.
   */
  runIntents(runIds: readonly string[]): Promise<readonly RunIntent[]>;
  /** The headers of the newest runs first. */
  listRuns(limit: number): Promise<RunList>;
  /**
   * A page of the runs, the newest first. It reads a bounded number of headers: a page may hold fewer than `limit` and
   * have a next one.
   */
  pageRuns(query: RunPageQuery): Promise<RunPage>;
  /** Throws RUN_UNREADABLE. */
  getSpec(runId: string): Promise<RunSpec | undefined>;
  /** The plan of this name, which never changes; undefined when the run has another one. Throws RUN_UNREADABLE. */
  getPlan(runId: string, planName: string): Promise<RunPlan | undefined>;
  /** The `traceparent` that the run was ordered with; undefined where there was none, and of an unknown run. */
  traceOf(runId: string): Promise<string | undefined>;
  /** Empty where there are none, and of an unknown run. Throws RUN_UNREADABLE. */
  getRemarks(runId: string): Promise<RunRemarks>;
  /** Who holds shards of the run; the open ones are looked at, of which there are no more than the run's window. */
  holders(runId: string): Promise<readonly Holder[]>;
  /** Shards taken by `openShards` and not done yet. */
  listOpenShards(runId: string): Promise<readonly number[]>;
  getShard(runId: string, shard: number): Promise<ShardRecord | undefined>;
  /** Shards from index `from` on, at most `limit`, in order. */
  listShards(runId: string, from: number, limit: number): Promise<readonly ShardRecord[]>;
  /**
   * The marks of shards from index `from` on, at most `limit`, in order. Cheaper than the shards: a map reads them all.
   */
  listShardMarks(runId: string, from: number, limit: number): Promise<readonly ShardMark[]>;
  /** Sums by table pair, in the plan's order. One read for any number of shards. */
  totals(runId: string): Promise<readonly LiveTotals[]>;
  /** The sums over all table pairs: one small read for any number of tables. */
  sums(runId: string): Promise<LiveTotals>;
  /** Confirmed differences that are kept with the run, in the order of tables and row ids. */
  listKnown(runId: string, query: KnownPageQuery): Promise<readonly KnownDifference[]>;
  /** What the run knows of these rows of a table pair, in their order. */
  findKnown(
    runId: string,
    table: number,
    rowIds: readonly string[],
  ): Promise<readonly (KnownDifference | undefined)[]>;
  /** How many are kept and not resolved, by table pair, in the plan's order. */
  knownTotals(runId: string): Promise<readonly KnownTotals[]>;
  /** All confirmed differences, by the way in which they differ; of each table pair the largest groups first. */
  differenceGroups(runId: string): Promise<readonly TableGroups[]>;
  /** What the ledger has lost of a planned run, for people, such as `the plan`; empty when nothing is missing. */
  damageOf(runId: string): Promise<readonly string[]>;
  /** The first failures of shards, and how many there are. */
  failures(runId: string, limit: number): Promise<ShardFailures>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
}
