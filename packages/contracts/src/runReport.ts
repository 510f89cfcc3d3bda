/** What the reporter answers: how far a run is, and what it found. */
import { z } from 'zod';
import { reportedCounts } from './counts.ts';
import { GROUPS_TOLD_MAX, reportedGroup } from './differenceGroup.ts';
import { direction } from './direction.ts';
import { failure } from './failure.ts';
import { hostPause, PAUSES_TOLD_MAX } from './hostPause.ts';
import { inconsistencyType } from './inconsistentEvent.ts';
import { knownTotals } from './knownDifference.ts';
import { outcome, runState, verdict } from './ledgerRecords.ts';
import { inheritedShards } from './rerun.ts';
import { runNote } from './runNote.ts';
import { UNSTABLE_COLUMNS_MAX, UNSTABLE_NAMED_MAX } from './runRemarks.ts';
import { runSpec } from './runSpec.ts';
import { connectionRef, epochMs, generation, runId, safeCount } from './scalars.ts';
import { serverIdentity } from './serverIdentity.ts';

export const RUN_REPORT_VERSION = 2;

const shardTally = z.strictObject({
  total: safeCount,
  planned: safeCount,
  running: safeCount,
  match: safeCount,
  differs: safeCount,
  inconclusive: safeCount,
});
export type ShardTally = z.infer<typeof shardTally>;

const tableReport = z.strictObject({
  name: z.string(),
  /** The pair's outcome so far; null while shards are left. A refused pair is `inconclusive`. */
  outcome: outcome.nullable(),
  refusal: failure.nullable(),
  counts: reportedCounts,
  shards: shardTally,
  /** Shards whose results are of an earlier run; they are part of `shards`. */
  inherited: safeCount,
  /** In what the two schemas differ beside the rows: told, and not judged. */
  schemaDifferences: z.array(z.string()),
  /** Confirmed differences whose keys are kept, and how many are not. */
  known: knownTotals,
});
export type TableReport = z.infer<typeof tableReport>;

/** A failure with the place where it happened; `shard` is absent for a table pair or the run itself. */
const placedFailure = failure.extend({ table: z.string().optional(), shard: safeCount.optional() });
export type PlacedFailure = z.infer<typeof placedFailure>;

/** One side of the run: the name of its connection, and the server and database that it led to. */
const reportedPlace = z.strictObject({
  connection: connectionRef,
  /** Null when the server was not asked. */
  server: serverIdentity.nullable(),
});
export type ReportedPlace = z.infer<typeof reportedPlace>;

const unstableKey = z.strictObject({
  table: z.string(),
  shard: safeCount,
  /** Texts by the names of the key's columns on the base. */
  key: z.record(z.string(), z.string()),
  /** As it was seen last. */
  type: inconsistencyType,
  /** Columns that differed then: the first ones. */
  columns: z.array(z.string()).max(UNSTABLE_COLUMNS_MAX),
  /** For how long it was followed, in milliseconds. */
  ageMs: safeCount,
});
export type UnstableKey = z.infer<typeof unstableKey>;

/** The lag, measured on candidates that converged. Times are in milliseconds, and at most so long. */
const convergence = z.strictObject({
  /** Candidates that showed how long they took. */
  measured: safeCount,
  medianMs: safeCount,
  p99Ms: safeCount,
  longestMs: safeCount,
});
export type Convergence = z.infer<typeof convergence>;

export const runReport = z.strictObject({
  version: z.literal(RUN_REPORT_VERSION),
  runId,
  generation,
  direction,
  state: runState,
  verdict: verdict.nullable(),
  /** True while the run is paused: no worker holds a shard of it. */
  paused: z.boolean(),
  source: reportedPlace,
  destination: reportedPlace,
  spec: runSpec,
  /**
   * True when every table pair was planned, every one of its shards ended `match` or `differs` in this run, and no row
   * stayed unstable.
   */
  complete: z.boolean(),
  /** Of all table pairs, what is not compared in this run. Null where everything is. */
  inherited: inheritedShards.extend({ basedOn: runId }).nullable(),
  /** The run whose known differences it looks at first; null where there is none. `counts` has what became of them. */
  follows: runId.nullable(),
  /** Shards done, in percent of all shards; 100 only when all are done. */
  percent: z.number().min(0).max(100),
  elapsedMs: z.int().min(0),
  /** Base and target rows compared a second, over the life of the run, without its pauses and inherited shards. */
  rowsPerSecond: z.number().min(0),
  /** Null when it cannot be estimated yet, 0 when settled. */
  etaMs: z.int().min(0).nullable(),
  counts: reportedCounts,
  /** Read and not settled yet: rows of the larger side, and candidates that are looked at again. */
  pending: z.strictObject({ rows: safeCount, candidates: safeCount }),
  /** How long rows that were on their way took to arrive. Null where no candidate showed it. */
  convergence: convergence.nullable(),
  shards: shardTally,
  tables: z.array(tableReport),
  /**
   * In which ways rows differ, the largest groups first: all rows that this run confirmed, a row once for each of its
   * columns that differ. Inherited shards are not in it.
   */
  causes: z.array(reportedGroup).max(GROUPS_TOLD_MAX),
  /** What is in none of these groups. */
  causesBeyond: safeCount,
  /** The first failures, at most 100. */
  failures: z.array(placedFailure),
  failuresTotal: safeCount,
  /** What a reader must know beside the verdict; a note changes none. */
  notes: z.array(runNote),
  /** The first rows that were still changing; `counts.unstable` is how many there are. */
  unstable: z.array(unstableKey).max(UNSTABLE_NAMED_MAX),
  /**
   * Times in which no statement began on one of its servers, the newest first, while the run is open. A settled run
   * tells none.
   */
  pauses: z.array(hostPause).max(PAUSES_TOLD_MAX),
  /** First claim and last commit of a shard, inherited ones too: every key was compared at some moment in between. */
  comparedFrom: epochMs.nullable(),
  comparedTo: epochMs.nullable(),
  createdAt: epochMs,
  plannedAt: epochMs.nullable(),
  settledAt: epochMs.nullable(),
});
export type RunReport = z.infer<typeof runReport>;
