/** What the services answer about runs. Clients ignore fields that they do not know; a report has a version instead. */
import { z } from 'zod';
import { direction } from './direction.ts';
import { failure } from './failure.ts';
import { runState, verdict } from './ledgerRecords.ts';
import { RUNS_LISTED_MAX } from './runListQuery.ts';
import { runNote } from './runNote.ts';
import { epochMs, generation, runId, safeCount } from './scalars.ts';

const stateOfRun = {
  runId,
  generation,
  state: runState,
  /** Null before the run is settled. */
  verdict: verdict.nullable(),
  paused: z.boolean(),
  createdAt: epochMs,
  settledAt: epochMs.nullable(),
};

/** The header of a run: where it stands. */
export const runAnswer = z.object({
  ...stateOfRun,
  direction,
  /** Why the run as a whole has no better verdict. */
  failure: failure.nullable(),
  cancelRequested: z.boolean(),
  tableCount: safeCount,
  shards: safeCount,
  plannedAt: epochMs.nullable(),
});

const tableAnswer = z.object({ name: z.string(), refusal: failure.nullable(), shards: safeCount });

export const wholeRunAnswer = runAnswer.extend({
  /** Empty before the run is planned. */
  tables: z.array(tableAnswer),
  /** Of the spec: allowed, and most likely not what was meant. */
  notes: z.array(runNote),
});
export type WholeRunAnswer = z.infer<typeof wholeRunAnswer>;

const dryRunTable = z.object({
  name: z.string(),
  /** Names on each side; null of a table that is refused. */
  source: z.string().nullable(),
  destination: z.string().nullable(),
  /** Columns of the base that rows are told apart by; none where rows are compared as multisets. */
  key: z.array(z.string()),
  /** Columns that are compared. */
  columns: safeCount,
  shards: safeCount,
  /** By the optimizer. */
  estimatedRows: safeCount,
  refusal: failure.nullable(),
});

/** What a spec would compare. No run was made, and no row was read. */
export const dryRunAnswer = z.object({
  dryRun: z.literal(true),
  runId,
  direction,
  /** Whether a run of this id exists: with `different`, an order of this spec is refused. */
  existing: z.enum(['none', 'same', 'different']),
  /** Why nothing could be planned at all: such a run ends `inconclusive`. */
  failure: failure.nullable(),
  shards: safeCount,
  tables: z.array(dryRunTable),
  notes: z.array(runNote),
});
export type DryRunAnswer = z.infer<typeof dryRunAnswer>;

const unreadableRun = z.object({ runId: z.string(), message: z.string() });

/** The coordinator's. */
export const runsAnswer = z.object({
  runs: z.array(runAnswer).max(RUNS_LISTED_MAX),
  /** Runs whose records this version cannot read, and why. */
  unreadable: z.array(unreadableRun),
  /** The cursor of the next page; null on the last one. */
  next: z.string().nullable(),
});
export type RunsAnswer = z.infer<typeof runsAnswer>;

/** The reporter's. */
const reportedRun = z.object({
  ...stateOfRun,
  /** Confirmed so far; null where the counts cannot be read. */
  differences: safeCount.nullable(),
});

export const reportedRuns = runsAnswer.extend({ runs: z.array(reportedRun).max(RUNS_LISTED_MAX) });
export type ReportedRuns = z.infer<typeof reportedRuns>;

export const backlogAnswer = z.object({
  /** Shards that want a worker. */
  backlog: safeCount,
});
