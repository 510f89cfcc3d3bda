/**
 * The plan of a run: its table pairs and what the servers said. It is written once and never changes under its name.
 */
import { z } from 'zod';
import { failure } from './failure.ts';
import { places } from './places.ts';
import { inheritedShards } from './rerun.ts';
import { safeCount } from './scalars.ts';
import { serverIdentity } from './serverIdentity.ts';
import { tablePlan } from './tablePlan.ts';

/** A hash for each column and unique index of a table; it changes when they change. */
const schemaHashes = z.record(z.string(), z.string());
export type SchemaHashes = z.infer<typeof schemaHashes>;

/** A table pair of a run, by place: planned, or refused with the reason. */
export const tableRecord = z.strictObject({
  names: places(z.string()),
  plan: tablePlan.nullable(),
  refusal: failure.nullable(),
  /** Shards of the plan; those that were split off are in the totals. */
  shards: safeCount,
  /** The optimizer's estimate for the larger side; for percentages only. */
  estimatedRows: safeCount,
  /** Absent where every shard is compared in this run. */
  inherited: inheritedShards.optional(),
  /** Present where the run looks at known differences of another one first. */
  follows: z
    .strictObject({
      /** Shards that hold keys; they are part of `shards`. */
      keyShards: safeCount,
      /** The other run kept all of its differences, so what is not among them is new. */
      isWhole: z.boolean(),
    })
    .optional(),
  /** The schemas that the plan was made from; absent when it was refused. */
  schemas: places(schemaHashes).optional(),
  /** In what the two tables differ beside their rows, for people; absent where in nothing. */
  differences: z.array(z.string()).optional(),
});
export type TableRecord = z.infer<typeof tableRecord>;

export const runPlan = z.strictObject({
  tables: z.array(tableRecord).readonly(),
  /** What the servers reported about themselves while the run was planned. */
  servers: places(serverIdentity).optional(),
});
export type RunPlan = z.infer<typeof runPlan>;
