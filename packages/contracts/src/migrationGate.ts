/** May a migration go on from its stage, as far as its runs tell: yes or no, with every reason. */
import { z } from 'zod';
import { direction, stage } from './direction.ts';
import { gateReasonCode } from './gateAnswer.ts';
import { verdict } from './ledgerRecords.ts';
import { migrationId, QUIET_RUNS_MAX } from './migration.ts';
import { epochMs, runId, safeCount } from './scalars.ts';

export const MIGRATION_GATE_VERSION = 1;

const migrationReasonCode = z.enum([
  // of the last full run
  ...gateReasonCode.options,
  // of the migration
  /** No full run has ended yet. */
  'NO_RUN',
  /** A run has begun, or is ordered, and has no verdict yet. */
  'RUN_UNDER_WAY',
  /** The last full run began before the migration came to this stage. */
  'BEFORE_STAGE',
  /** Too few full runs in a row, or too short a time, without a difference. */
  'NOT_QUIET',
  /** Tables have another schema than in the full run before. */
  'SCHEMA_CHANGED_SINCE',
  /** Differences that are followed and not resolved. */
  'KNOWN_DIFFERENCES',
]);

const wholeMs = z.coerce.number().int().min(0);

/** The parameters of the question; what is left out is as the migration has it. */
export const migrationGateQuery = z.strictObject({
  /** The first keys of the last full run may have been compared so long ago. */
  maxAgeMs: wholeMs.optional(),
  /** Rows may have taken so long to arrive, where the run measured it. */
  maxLagMs: wholeMs.optional(),
  /** So many full runs in a row must be consistent. */
  quietRuns: z.coerce.number().int().min(1).max(QUIET_RUNS_MAX).optional(),
  /** From the first key of those runs to the last one, so much time must have passed. */
  quietMs: wholeMs.optional(),
});
export type MigrationGateQuery = z.infer<typeof migrationGateQuery>;

const migrationReason = z.strictObject({ code: migrationReasonCode, message: z.string() });
export type MigrationReason = z.infer<typeof migrationReason>;

const lastRun = z.strictObject({
  runId,
  verdict: verdict.nullable(),
  direction,
  /** Every key was compared at some moment in between. */
  comparedFrom: epochMs.nullable(),
  comparedTo: epochMs.nullable(),
  settledAt: epochMs.nullable(),
  /** Since the first keys were compared. */
  ageMs: safeCount.nullable(),
  /** The longest time that a row took to arrive; null where none was measured. */
  longestLagMs: safeCount.nullable(),
});

export const migrationGateAnswer = z.strictObject({
  version: z.literal(MIGRATION_GATE_VERSION),
  migrationId,
  stage,
  direction,
  /** Stages that it may switch to. */
  neighbours: z.array(stage),
  ready: z.boolean(),
  /** Every reason why it is not; none when it is ready. */
  reasons: z.array(migrationReason),
  /** The newest full run that has ended; null: there is none. */
  lastRun: lastRun.nullable(),
  quiet: z.strictObject({
    /** Consistent full runs in a row, up to the last one. */
    runs: safeCount,
    /** Their first key was compared then; null without such a run. */
    since: epochMs.nullable(),
    /** From then to their last key. */
    forMs: safeCount,
  }),
  /** Differences that are followed and not resolved; null where none are followed. */
  knownDifferences: safeCount.nullable(),
});
export type MigrationGateAnswer = z.infer<typeof migrationGateAnswer>;
