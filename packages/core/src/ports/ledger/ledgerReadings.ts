/** Reading a ledger. No call here writes anything: a process that only reports needs no other right. */
import type { Counts, Failure, RunRecord, ShardRecord } from '@rowparity/contracts';

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

export interface ShardFailures {
  readonly total: number;
  readonly first: readonly ShardFailure[];
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

export interface LedgerReadings {
  /** Throws RUN_UNREADABLE. */
  getRun(runId: string): Promise<RunRecord | undefined>;
  /** Throws RUN_UNREADABLE. */
  getHead(runId: string): Promise<RunHead | undefined>;
  /** The newest runs first. */
  listRuns(limit: number): Promise<RunList<RunRecord>>;
  /** The same, read without specs and plans. */
  listHeads(limit: number): Promise<RunList<RunHead>>;
  /** Shards taken by `openShards` and not done yet. */
  listOpenShards(runId: string): Promise<readonly number[]>;
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
  failures(runId: string, limit: number): Promise<ShardFailures>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
}
