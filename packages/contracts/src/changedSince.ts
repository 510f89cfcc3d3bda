/**
 * Comparing only the rows that changed since a time, as their update-time column tells: between two full runs. Rows
 * that were deleted, and rows that changed without a new update time, are out of its sight.
 */
import { z } from 'zod';
import { identifier } from './scalars.ts';

const OVERLAP_MS_DEFAULT = 300_000;
/** A week: beyond that a full run tells more. */
const OVERLAP_MS_MAX = 604_800_000;

const updateTime = {
  column: identifier
    .default('updated_at')
    .describe('the update-time column (TIMESTAMP or DATETIME) of every table, by its name on the source'),
  overlapMs: z
    .int()
    .min(0)
    .max(OVERLAP_MS_MAX)
    .default(OVERLAP_MS_DEFAULT)
    .describe('how far before that time rows count, too: the longest transaction and the skew of the clocks'),
};

export const changedSince = z.strictObject({
  time: z.iso
    .datetime({ offset: true })
    .describe(
      'rows with an update time from here on are compared; of a DATETIME column, as if it were in UTC',
    ),
  ...updateTime,
});
export type ChangedSince = z.output<typeof changedSince>;

const FULL_EVERY_MAX = 1000;

/** Of a series of runs: most of them compare only what changed since the one before. */
export const incremental = z.strictObject({
  ...updateTime,
  fullEvery: z
    .int()
    .min(2)
    .max(FULL_EVERY_MAX)
    .default(24)
    .describe('every so-manieth generation compares all rows: deletes are out of sight of the others'),
});

/** The time from which rows count, in UTC, as a server writes it. */
export function changedFrom({ time, overlapMs }: Pick<ChangedSince, 'time' | 'overlapMs'>): string {
  return new Date(Date.parse(time) - overlapMs).toISOString().slice(0, 23).replace('T', ' ');
}
