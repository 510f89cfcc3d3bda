/** What a report says of single rows and tables beside the counts. Kept apart: only reports read it. */
import { z } from 'zod';
import { failure } from './failure.ts';
import { inconsistencyType } from './inconsistentEvent.ts';
import { keyTuple, safeCount } from './scalars.ts';

/** Rows that a run names of those that were still changing: enough to see which table and what kind of row. */
export const UNSTABLE_NAMED_MAX = 20;

/** A row that could be neither confirmed nor dropped, as it was seen last. */
const unstableRow = z.strictObject({
  shard: safeCount,
  /** Index of its table pair in the run. */
  table: safeCount,
  key: keyTuple,
  type: inconsistencyType,
});
export type UnstableRow = z.infer<typeof unstableRow>;

/** A table that had another schema at the end than the plan's. */
const tableChange = z.strictObject({ table: safeCount, failure });
export type TableChange = z.infer<typeof tableChange>;

export const runRemarks = z.strictObject({
  /** The first rows that stayed unstable, in the order of their commits. */
  unstable: z.array(unstableRow).max(UNSTABLE_NAMED_MAX),
  /** In the order of the tables. */
  changed: z.array(tableChange),
});
export type RunRemarks = z.infer<typeof runRemarks>;
