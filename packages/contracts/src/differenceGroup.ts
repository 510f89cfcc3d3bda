/**
 * Confirmed rows of a table pair that differ in one way: by type, column and cause. They are counted as they are
 * confirmed, all of them, also those whose keys are not kept. No value of a column is in it (law 9).
 */
import { z } from 'zod';
import { differenceCause } from './differenceCause.ts';
import { inconsistencyType } from './inconsistentEvent.ts';
import { keyTuple, safeCount } from './scalars.ts';

/** A table has a few ways to differ; more are a table that differs everywhere. */
export const GROUPS_A_TABLE_MAX = 64;
/** Of all table pairs of a run together: 3 MB of Redis. */
export const GROUPS_IN_RUN_MAX = 10_000;
/** The largest ones, in a report. */
export const GROUPS_TOLD_MAX = 100;

const whole = z.string().regex(/^-?\d+$/);

const grouped = {
  type: inconsistencyType,
  /** The base's name of the column; null where a side has no row. */
  column: z.string().nullable(),
  /** Null where a side has no row, or the values told nothing. */
  cause: differenceCause.nullable(),
  rows: safeCount,
  /** The smallest and the largest key where it is one integer, with every digit. */
  low: whole.nullable(),
  high: whole.nullable(),
};

export const differenceGroup = z.strictObject({
  ...grouped,
  /** Key of the first row; null for a row without a key. */
  example: keyTuple.nullable(),
});
export type DifferenceGroup = z.infer<typeof differenceGroup>;

/** A row that differs in three columns is in three groups. */
export interface DifferenceGroups {
  readonly groups: readonly DifferenceGroup[];
  /** What is in no group, as there were too many: a row counts once for each of its columns. */
  readonly beyond: number;
}

/** What a group is known by within its table. */
export function groupName({
  type,
  column,
  cause,
}: Pick<DifferenceGroup, 'type' | 'column' | 'cause'>): string {
  return JSON.stringify([type, column, cause]);
}

/** In a report: by the names of table and key. */
export const reportedGroup = z.strictObject({
  table: z.string(),
  ...grouped,
  /** By the base's names of the key's columns. */
  example: z.record(z.string(), z.string()).nullable(),
});
export type ReportedGroup = z.infer<typeof reportedGroup>;
