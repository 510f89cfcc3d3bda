/**
 * All shards of a run at a glance: neighbours in the order of their keys share a cell, and a cell counts its shards by
 * outcome. Its size does not grow with the number of shards. Beside it, what the shards did in the course of time.
 */
import { z } from 'zod';
import { epochMs, runId, safeCount } from './scalars.ts';

export const MAP_CELLS_DEFAULT = 1200;
const MAP_CELLS_MAX = 5000;
/** Of the course of time; each step is of one length. */
export const TIMELINE_STEPS_MAX = 120;

const CELLS = `expected a whole number from 1 to ${MAP_CELLS_MAX}`;

export const shardMapQuery = z.strictObject({
  cells: z
    .string(CELLS)
    .regex(/^\d{1,9}$/, CELLS)
    .transform(Number)
    .refine((count) => count >= 1 && count <= MAP_CELLS_MAX, CELLS)
    .optional()
    .describe('cells of all table pairs together; a pair with shards has at least one'),
});
export type ShardMapQuery = z.output<typeof shardMapQuery>;

/** What a shard is, as the map counts it, in the order of the numbers of a cell. */
export const MARK_STATES = ['match', 'differs', 'inconclusive', 'running', 'planned'] as const;
export type MarkState = (typeof MARK_STATES)[number];

const mapCell = z.tuple([safeCount, safeCount, safeCount, safeCount, safeCount]);
export type MapCell = z.infer<typeof mapCell>;

const sums = z.array(z.number().min(0)).max(TIMELINE_STEPS_MAX);

export const shardMap = z.strictObject({
  runId,
  /** When it was read. */
  at: epochMs,
  shards: safeCount,
  /** In the order of the run; those without shards, too. */
  tables: z.array(z.strictObject({ name: z.string(), shards: safeCount, cells: z.array(mapCell) })),
  /** From the first claim on, in steps of one length. Null before it. Inherited shards are not in it. */
  timeline: z
    .strictObject({
      from: epochMs,
      stepMs: z.int().min(1),
      /** Rows of both sides; a shard's are spread over the time that it took. */
      rows: sums,
      /** Confirmed differences, at the end of their shards. */
      confirmed: sums,
      /** Rows that were seen different and became equal, at the end of their shards. */
      converged: sums,
      /** The slowest of them, in milliseconds at most; 0: none. */
      slowestMs: sums,
    })
    .nullable(),
});
export type ShardMap = z.infer<typeof shardMap>;
