/** What a report says of single rows and tables beside the counts. Kept apart: only reports read it. */
import { z } from 'zod';
import { failure } from './failure.ts';
import { inconsistencyType } from './inconsistentEvent.ts';
import { keyTuple, safeCount } from './scalars.ts';

/** How many of the rows that were still changing a run names: enough to see which table and what kind of row. */
export const UNSTABLE_NAMED_MAX = 20;

/** Of the columns of such a row, so many are named. */
export const UNSTABLE_COLUMNS_MAX = 8;

/** A row that could be neither confirmed nor dropped, with its last reading. */
const unstableRow = z.strictObject({
  shard: safeCount,
  /** Index of its table pair in the run. */
  table: safeCount,
  key: keyTuple,
  type: inconsistencyType,
  /** Of the base, those that differed then; none where a side had no row or columns are not told apart. */
  columns: z.array(z.string()).max(UNSTABLE_COLUMNS_MAX),
  /** From its first sight to the last look, in milliseconds. */
  ageMs: safeCount,
});
export type UnstableRow = z.infer<typeof unstableRow>;

/** A table whose schema at the end was not the plan's. */
const tableChange = z.strictObject({ table: safeCount, failure });
export type TableChange = z.infer<typeof tableChange>;

export const runRemarks = z.strictObject({
  /** The first rows that stayed unstable, in the order of their commits. */
  unstable: z.array(unstableRow).max(UNSTABLE_NAMED_MAX),
  /** In the order of the tables. */
  changed: z.array(tableChange),
});
export type RunRemarks = z.infer<typeof runRemarks>;
