/**
 * A confirmed difference as the ledger keeps it with its run: which row, and what was found of it last. Keys may be
 * here, as in ranges and checkpoints; values of other columns never (law 9).
 */
import { z } from 'zod';
import { differenceCause } from './differenceCause.ts';
import { inconsistencyType, rowIdText } from './inconsistentEvent.ts';
import { epochMs, keyTuple, runId, safeCount } from './scalars.ts';

/** Of each table pair, as a spec has it when it does not say: enough for a person and for a repair, 300 kB of Redis. */
export const KNOWN_KEPT_DEFAULT = 1000;
/** One write may bring them all; Redis takes 20 ms for it. */
export const KNOWN_KEPT_MAX = 5000;
/** Of all table pairs of a run together: 30 MB of Redis. */
export const KNOWN_IN_RUN_MAX = 100_000;
/** Of a row with more columns that differ, the first ones are named. */
export const KNOWN_COLUMNS_MAX = 32;

/**
 * `open`: known before this run, and not told in it. `new`: confirmed in this run, and not known before. `found`:
 * confirmed in this run, and more was known before than is kept, so whether it is new cannot be told. `still`: known
 * before, and confirmed again. `resolved`: known before, and compared equal.
 */
const knownState = z.enum(['open', 'found', 'new', 'still', 'resolved']);

const found = {
  rowId: rowIdText,
  /** As it was confirmed last. */
  type: inconsistencyType,
  /** Of the base, those that differed; none where a side had no row. */
  columns: z.array(z.string()).max(KNOWN_COLUMNS_MAX),
  /** Of these columns, in their order: why each differs, as far as the two values told. */
  causes: z.array(differenceCause).max(KNOWN_COLUMNS_MAX).optional(),
  state: knownState,
  /** When it was confirmed first, and last. */
  firstSeen: epochMs,
  lastSeen: epochMs,
  /** Runs of its series in which it was confirmed. */
  generations: z.int().min(1),
};

export const knownDifference = z.strictObject({
  /** Index of its table pair in the run. */
  table: safeCount,
  key: keyTuple,
  /** Of the key columns and the predicate with which it was found. */
  keySpace: z.string().regex(/^[0-9a-f]{16}$/),
  ...found,
});
export type KnownDifference = z.infer<typeof knownDifference>;

/** What is kept of a table pair, and how many confirmed differences are not: then it is overflowed. */
export const knownTotals = z.strictObject({ kept: safeCount, beyond: safeCount });
export type KnownTotals = z.infer<typeof knownTotals>;

/** Differences of one page of an answer. */
export const KNOWN_LISTED_MAX = 1000;

/** In the order of their tables; of one table by `rowId`. */
export interface KnownPlace {
  readonly table: number;
  readonly rowId: string;
}

const LIMIT = `expected a whole number from 1 to ${KNOWN_LISTED_MAX}`;
const CURSOR = /^(\d{1,9})~([0-9a-f]{32})$/;

export const knownQuery = z.strictObject({
  limit: z
    .string(LIMIT)
    .regex(/^\d{1,9}$/, LIMIT)
    .transform(Number)
    .refine((count) => count >= 1 && count <= KNOWN_LISTED_MAX, LIMIT)
    .optional(),
  cursor: z
    .string()
    .regex(CURSOR, 'expected the value of `next` of the page before')
    .transform((text): KnownPlace => {
      const [, table = '', rowId = ''] = CURSOR.exec(text) ?? [];
      return { table: Number(table), rowId };
    })
    .optional(),
  order: z
    .enum(['newest'])
    .optional()
    .describe('newest: those that were confirmed last first, without further pages; left out: by table'),
});
export type KnownQuery = z.output<typeof knownQuery>;

export function knownCursor({ table, rowId }: KnownPlace): string {
  return `${table}~${rowId}`;
}

/** Of a table pair, by its name on the base. */
const tableOfKnown = z.object({
  name: z.string(),
  kept: safeCount,
  beyond: safeCount,
  /** More was confirmed than is kept: the list of this table is not whole. */
  overflowed: z.boolean(),
});

export const knownAnswer = z.object({
  runId,
  /** The run whose known differences it looked at first; null where there is none. */
  follows: runId.nullable(),
  /** Table pairs that have any. */
  tables: z.array(tableOfKnown),
  known: z
    .array(
      z.object({
        ...found,
        table: z.string(),
        /**
         * By the base's names of the key's columns: integers as text, with every digit. By place, from "0", where the
         * run has no plan with such a key.
         */
        key: z.record(z.string(), z.union([z.string(), z.strictObject({ hex: z.string() })])),
      }),
    )
    .max(KNOWN_LISTED_MAX),
  /** The cursor of the next page; null on the last one. */
  next: z.string().nullable(),
});
export type KnownAnswer = z.infer<typeof knownAnswer>;
