/**
 * What a list of runs is asked for, as the query of an address: all texts. A cursor says behind which run a page
 * begins. Runs that are ordered meanwhile come before it, so pages neither repeat nor miss a run.
 */
import { z } from 'zod';
import { runState, verdict } from './ledgerRecords.ts';

/** Runs of one page. */
export const RUNS_LISTED_MAX = 200;

/** The newest runs come first; of one millisecond, the later ids. */
export interface RunPlace {
  readonly createdAt: number;
  readonly runId: string;
}

const LIMIT = `expected a whole number from 1 to ${RUNS_LISTED_MAX}`;
const CURSOR = /^(\d{1,15})~([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/;

const limit = z
  .string(LIMIT)
  .regex(/^\d{1,9}$/, LIMIT)
  .transform(Number)
  .refine((count) => count >= 1 && count <= RUNS_LISTED_MAX, LIMIT);

const cursor = z
  .string()
  .regex(CURSOR, 'expected the value of `next` of the page before')
  .transform((text): RunPlace => {
    const [, createdAt = '', runId = ''] = CURSOR.exec(text) ?? [];
    return { createdAt: Number(createdAt), runId };
  });

export const runListQuery = z.strictObject({
  state: runState.optional(),
  verdict: verdict.optional(),
  limit: limit.optional(),
  cursor: cursor.optional(),
});

export type RunListQuery = z.output<typeof runListQuery>;

export function cursorOf({ createdAt, runId }: RunPlace): string {
  return `${createdAt}~${runId}`;
}
