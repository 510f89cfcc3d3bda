/**
 * Running again a part of a settled run: some of its shards, or only its known differences. The results of other shards
 * are inherited: they stay the results of that run, with their times, and nothing is read or sent for them. A run of
 * known differences inherits nothing and reads no range.
 */
import { z } from 'zod';
import { epochMs, runId, safeCount } from './scalars.ts';

/** Shards without an outcome are always compared anew, and those that ended `match` never. */
const rerunOutcome = z.enum(['inconclusive', 'differs']);
const only = z.array(rerunOutcome).min(1).max(2);

/** Shards that a run which is run again in parts may have: its plan is held in memory while it is copied. */
export const RERUN_SHARDS_MAX = 100_000;

export const basedOn = z.strictObject({
  runId: runId.describe('the settled run whose other shards are inherited'),
  only: z
    .union([only, z.tuple([z.literal('known')])])
    .default(['inconclusive', 'differs'])
    .describe(
      'outcomes of the shards that are compared anew; or ["known"]: only the known differences, and nothing is inherited',
    ),
});
export type BasedOn = z.infer<typeof basedOn>;

/** A run that reads only the known differences of another one. */
export function isRecheck({ basedOn: based }: { readonly basedOn?: BasedOn | undefined }): boolean {
  return based?.only[0] === 'known';
}

/** What is posted to look at the known differences of a run again. */
export const recheckOrder = z.strictObject({ runId: runId.describe('of the new run') });
export type RecheckOrder = z.infer<typeof recheckOrder>;

/** What is posted to run a part again. */
export const rerunOrder = z.strictObject({ runId: runId.describe('of the new run'), only: only.optional() });
export type RerunOrder = z.infer<typeof rerunOrder>;

/** The inherited shards of a table pair. */
export const inheritedShards = z.strictObject({
  shards: safeCount,
  /** Rows that were read for them, of both sides. */
  rows: safeCount,
  /** First claim and last end: their keys were compared in between. */
  from: epochMs,
  to: epochMs,
});
export type InheritedShards = z.infer<typeof inheritedShards>;
