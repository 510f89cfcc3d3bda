/**
 * The header of a run: where it stands. It is read often (four times a second, in every list, in every scrape), so it
 * is small, bounded, and does not grow with the tables, the shards or the spec.
 */
import { z } from 'zod';
import { direction } from './direction.ts';
import { failure } from './failure.ts';
import { LEDGER_VERSION, runState, verdict } from './ledgerRecords.ts';
import { epochMs, generation, runId, safeCount } from './scalars.ts';

export const runHeader = z.strictObject({
  version: z.literal(LEDGER_VERSION),
  runId,
  generation,
  state: runState,
  cancelRequested: z.boolean(),
  /** Since when the run is paused: it is not planned, and gets no claims. Null while it is not paused. */
  pausedAt: epochMs.nullable(),
  /** Of the time since the plan was made, what earlier pauses took, in milliseconds. */
  pausedMs: safeCount,
  /** Which side is trusted. The plan is by place; the direction turns it to roles. */
  direction,
  /** Most shards that are on the queue at once, as the spec has it. */
  window: safeCount,
  /** Name of the complete plan; null before. A plan never changes under its name. */
  planName: z.string().nullable(),
  /** Table pairs of the plan. */
  tableCount: safeCount,
  /** Number of shards: those of the plan, and those that were split off. */
  shards: safeCount,
  verdict: verdict.nullable(),
  /** Why the run as a whole has no better verdict. */
  failure: failure.nullable(),
  /** First claim and last commit of a shard: keys were compared in between. Absent before. */
  comparedFrom: epochMs.optional(),
  comparedTo: epochMs.optional(),
  createdAt: epochMs,
  plannedAt: epochMs.nullable(),
  settledAt: epochMs.nullable(),
});
export type RunHeader = z.infer<typeof runHeader>;
