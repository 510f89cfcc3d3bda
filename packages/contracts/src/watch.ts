/**
 * A watch: a series of runs over one spec, its generations. Each is an ordinary run; it looks at the known differences
 * of the one before it first, and tells what is new, still there and resolved.
 */
import { z } from 'zod';
import { incremental } from './changedSince.ts';
import { LEDGER_VERSION } from './ledgerRecords.ts';
import { runAnswer } from './runAnswers.ts';
import { runTemplate } from './runSpec.ts';
import { epochMs, runId, safeCount } from './scalars.ts';

export const WATCH_SPEC_VERSION = 1;

/** Watches that a ledger holds, stopped ones included: a coordinator looks at each every second. */
export const WATCHES_MAX = 200;
/** A run begins, reads and settles in about as much time. */
const INTERVAL_MS_MIN = 1000;
/** Well before a settled run is forgotten: the next generation needs the one before it. */
const INTERVAL_MS_MAX = 7 * 24 * 3600 * 1000;
const INTERVAL_MS_DEFAULT = 3_600_000;
const KEPT_MAX = 1000;
const KEPT_DEFAULT = 50;

/** Shorter than a run's: its generations are runs named WATCH.NUMBER. */
export const watchId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/,
    'expected 1 to 80 letters, digits, ".", "_" or "-", beginning with a letter or digit',
  );

export const watchSpec = z.strictObject({
  version: z.literal(WATCH_SPEC_VERSION),
  intervalMs: z
    .int()
    .min(INTERVAL_MS_MIN)
    .max(INTERVAL_MS_MAX)
    .default(INTERVAL_MS_DEFAULT)
    .describe(
      'from the beginning of a generation to that of the next, which also waits until the one before is settled',
    ),
  keepRuns: z
    .int()
    .min(2)
    .max(KEPT_MAX)
    .default(KEPT_DEFAULT)
    .describe('generations that are kept as runs; older ones are deleted'),
  incremental: incremental
    .optional()
    .describe('between full generations compare only rows that changed since the generation before'),
  run: runTemplate.describe('the spec of each generation, without runId'),
});
export type WatchSpec = z.output<typeof watchSpec>;
export type WatchSpecInput = z.input<typeof watchSpec>;

const watchState = z.enum(['active', 'stopped']);

export const watchRecord = z.strictObject({
  version: z.literal(LEDGER_VERSION),
  watchId,
  spec: watchSpec,
  state: watchState,
  /** The last one that began; 0: none. */
  generation: safeCount,
  /** The run whose known differences that generation looks at. */
  follows: runId.nullable(),
  createdAt: epochMs,
  /** Of that generation. */
  beganAt: epochMs.nullable(),
  stoppedAt: epochMs.nullable(),
});
export type WatchRecord = z.infer<typeof watchRecord>;

export function generationRunId({ watchId: id }: Pick<WatchRecord, 'watchId'>, generation: number): string {
  return `${id}.${generation}`;
}

export const watchAnswer = z.object({
  watchId,
  state: watchState,
  spec: watchSpec,
  generation: safeCount,
  /** Of that generation; null before the first one, and when it was deleted. */
  run: runAnswer.nullable(),
  follows: runId.nullable(),
  createdAt: epochMs,
  beganAt: epochMs.nullable(),
  /** The next one begins then, or when the last one is settled; null: none will. */
  nextAt: epochMs.nullable(),
  stoppedAt: epochMs.nullable(),
});
export type WatchAnswer = z.infer<typeof watchAnswer>;

export const watchesAnswer = z.object({ watches: z.array(watchAnswer).max(WATCHES_MAX) });
