/** What the ledger keeps: a run, its table pairs and its shards. */
import { z } from 'zod';
import { counts } from './counts.ts';
import { failure } from './failure.ts';
import { inconsistencyType } from './inconsistentEvent.ts';
import { runSpec } from './runSpec.ts';
import { epochMs, keyTuple, runId, safeCount } from './scalars.ts';
import { serverIdentity } from './serverIdentity.ts';
import { sides, tablePlan } from './tablePlan.ts';

export const LEDGER_VERSION = 1;

/**
 * `accepted`: known, not planned. `planning`: a coordinator reads schemas and cuts shards. `running`: the plan is
 * complete, shards are worked on. `settled`: there is a verdict, nothing changes any more.
 */
export const runState = z.enum(['accepted', 'planning', 'running', 'settled']);
export type RunState = z.infer<typeof runState>;

export const verdict = z.enum(['consistent', 'inconsistent', 'inconclusive']);
export type Verdict = z.infer<typeof verdict>;

export const outcome = z.enum(['match', 'differs', 'inconclusive']);
export type Outcome = z.infer<typeof outcome>;

/**
 * A key range, half open: after < key <= upTo. `null` is open: no bound on that end. A bound may be a prefix of a
 * composite key; then only the columns that it has are compared, so `[7]` as `upTo` takes in every (7, …).
 */
export const keyRange = z.strictObject({ after: keyTuple.nullable(), upTo: keyTuple.nullable() });
export type KeyRange = z.infer<typeof keyRange>;

/**
 * A shard's place. Its index counts over the whole run, from 0; shards that were split off come behind the plan, so
 * the ranges of a table pair are a chain in which each begins where another one ends, whatever their indexes.
 */
export const plannedShard = z.strictObject({
  shard: safeCount,
  /** Index of its table pair in the run. */
  table: safeCount,
  range: keyRange,
});
export type PlannedShard = z.infer<typeof plannedShard>;

/** A text for each column and unique index of a table; it changes when they do. */
const schemaParts = z.record(z.string(), z.string());
export type SchemaParts = z.infer<typeof schemaParts>;

/** A table pair of a run: planned, or refused with the reason. Its name is that of the base table. */
export const tableRecord = z.strictObject({
  name: z.string(),
  plan: tablePlan.nullable(),
  refusal: failure.nullable(),
  /** Shards of the plan; those that were split off are in the totals. */
  shards: safeCount,
  /** The optimizer's estimate for the larger side; for percentages only. */
  estimatedRows: safeCount,
  /** The schemas that the plan was made from; absent when it was refused. */
  schemas: sides(schemaParts).optional(),
  /** What was found at the end to be another schema than the plan's. */
  changed: failure.optional(),
});
export type TableRecord = z.infer<typeof tableRecord>;

/** Rows that a run names of those that were still changing: enough to see which table and what kind of row. */
export const UNSTABLE_NAMED_MAX = 20;

/** A row that could be neither confirmed nor dropped, as it was seen last. */
export const unstableRow = z.strictObject({
  shard: safeCount,
  /** Index of its table pair in the run. */
  table: safeCount,
  key: keyTuple,
  type: inconsistencyType,
});
export type UnstableRow = z.infer<typeof unstableRow>;

export const runRecord = z.strictObject({
  version: z.literal(LEDGER_VERSION),
  runId,
  spec: runSpec,
  state: runState,
  cancelRequested: z.boolean(),
  tables: z.array(tableRecord),
  /** What the servers said of themselves while the run was planned; absent before. */
  servers: sides(serverIdentity).optional(),
  /** Shards there are: those of the plan, and those that were split off. */
  shards: safeCount,
  verdict: verdict.nullable(),
  /** Why the run as a whole has no better verdict. */
  failure: failure.nullable(),
  /** The first rows that stayed unstable, in the order of their commits; absent when there is none. */
  unstable: z.array(unstableRow).max(UNSTABLE_NAMED_MAX).optional(),
  /** First claim and last commit of a shard: keys were compared in between. Absent before. */
  comparedFrom: epochMs.optional(),
  comparedTo: epochMs.optional(),
  createdAt: epochMs,
  plannedAt: epochMs.nullable(),
  settledAt: epochMs.nullable(),
});
export type RunRecord = z.infer<typeof runRecord>;

const shardState = z.enum(['planned', 'running', 'done']);

export const shardRecord = plannedShard.extend({
  state: shardState,
  /** Number of the last hold on the shard: the fencing token. 0 before the first claim. */
  attempt: safeCount,
  holder: z.string().nullable(),
  /** The last key compared on both sides with its events acknowledged; null at the range's beginning. */
  checkpoint: keyTuple.nullable(),
  counts,
  outcome: outcome.nullable(),
  failure: failure.nullable(),
  /** By the first attempt whose rows are counted here. */
  claimedAt: epochMs.nullable(),
  committedAt: epochMs.nullable(),
  finishedAt: epochMs.nullable(),
});
export type ShardRecord = z.infer<typeof shardRecord>;
