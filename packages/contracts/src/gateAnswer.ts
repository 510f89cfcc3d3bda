/** May a migration go on, as far as a run tells: yes or no, with every reason. */
import { z } from 'zod';
import { direction } from './direction.ts';
import { epochMs, runId } from './scalars.ts';

export const GATE_ANSWER_VERSION = 1;

export const gateReasonCode = z.enum([
  /** The run has no verdict yet. */
  'RUN_OPEN',
  /** Confirmed differences. */
  'DIFFERENCES',
  /** Rows that were still changing. */
  'UNSTABLE_ROWS',
  /** Tables that were not compared. */
  'TABLES_REFUSED',
  /** A table was changed while the run compared it. */
  'SCHEMA_CHANGED',
  /** Shards, or the whole run, have no proof either way. */
  'INCONCLUSIVE',
  /** The run compared no row. */
  'NOTHING_COMPARED',
  /** The oldest comparison is too long ago. */
  'TOO_OLD',
  /** Rows took too long to arrive. */
  'LAG',
  /** The run took another side for right. */
  'DIRECTION',
]);

const DAY_MS = 24 * 3600 * 1000;
const wholeMs = z.coerce.number().int().min(0);

/** The parameters of the question. */
export const gateQuery = z.strictObject({
  /** The first keys may have been compared so long ago. */
  maxAgeMs: wholeMs.default(DAY_MS),
  /** Rows may have taken so long to arrive, where the run measured it. */
  maxLagMs: wholeMs.optional(),
  /** The side that must have been taken for right. */
  direction: direction.optional(),
});
export type GateQuery = z.infer<typeof gateQuery>;

const gateReason = z.strictObject({ code: gateReasonCode, message: z.string() });
export type GateReason = z.infer<typeof gateReason>;

export const gateAnswer = z.strictObject({
  version: z.literal(GATE_ANSWER_VERSION),
  runId,
  direction,
  ready: z.boolean(),
  /** Every reason why it is not; none when it is ready. */
  reasons: z.array(gateReason),
  /** Every key was compared at some moment in between. */
  comparedFrom: epochMs.nullable(),
  comparedTo: epochMs.nullable(),
});
export type GateAnswer = z.infer<typeof gateAnswer>;
