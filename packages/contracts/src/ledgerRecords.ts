/** What the ledger keeps of shards, and the words that its records share. */
import { z } from 'zod';
import { counts } from './counts.ts';
import { failure } from './failure.ts';
import { epochMs, keyTuple, runId, safeCount } from './scalars.ts';

export const LEDGER_VERSION = 2;

/**
 * `accepted`: known, not planned. `planning`: a coordinator reads schemas and cuts shards. `running`: the plan is
 * complete, shards are worked on. `settled`: there is a verdict, and the run never changes again.
 */
export const runState = z.enum(['accepted', 'planning', 'running', 'settled']);
export type RunState = z.infer<typeof runState>;

export const verdict = z.enum(['consistent', 'inconsistent', 'inconclusive']);
export type Verdict = z.infer<typeof verdict>;

export const outcome = z.enum(['match', 'differs', 'inconclusive']);
export type Outcome = z.infer<typeof outcome>;

/**
 * A key range, half open: after < key <= upTo. `null` is open: no bound on that end. A bound may be a prefix of a
 * composite key; then only its columns are compared, so `[7]` as `upTo` includes every (7, …).
 */
export const keyRange = z.strictObject({ after: keyTuple.nullable(), upTo: keyTuple.nullable() });
export type KeyRange = z.infer<typeof keyRange>;

/** Keys of a shard that holds keys: one statement a side reads them. */
export const SHARD_KEYS_MAX = 200;

/**
 * A shard's place. Its index counts over the whole run, from 0. Shards that were split off come after the plan's. In
 * any order of indexes, the ranges of a table pair form a chain: each begins where another one ends.
 */
export const plannedShard = z.strictObject({
  shard: safeCount,
  /** Index of its table pair in the run. */
  table: safeCount,
  range: keyRange,
  /** In place of a range, which is open then: the shard reads these keys alone. Such shards come before all others. */
  keys: z.array(keyTuple).min(1).max(SHARD_KEYS_MAX).readonly().optional(),
});
export type PlannedShard = z.infer<typeof plannedShard>;

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
  /** The run in which it was compared; absent: in its own. */
  inheritedFrom: runId.optional(),
});
export type ShardRecord = z.infer<typeof shardRecord>;
