/**
 * A migration: where it stands between the two databases, and the series of full runs that watch over it. Its runs are
 * ordinary runs; each has one direction, that of the stage in which it began.
 */
import { z } from 'zod';
import { direction, stage } from './direction.ts';
import { specTemplate } from './runSpec.ts';
import { epochMs, runId, safeCount } from './scalars.ts';

export const MIGRATION_VERSION = 1;

/** Migrations that a ledger holds: each is looked at about once a second. */
export const MIGRATIONS_MAX = 1000;
/** Switches of stage that a record names; the oldest are dropped. */
export const STAGE_SWITCHES_KEPT_MAX = 100;
/** Runs that a gate looks back on. */
export const QUIET_RUNS_MAX = 100;
/** More often and the coordinator would do nothing else. */
const EVERY_MS_MIN = 1000;
const DAY_MS = 24 * 3600 * 1000;
const EVERY_MS_MAX = 366 * 24 * 3600 * 1000;

/** Leaves room for the number of a run behind it. */
export const migrationId = runId.refine(
  (id) => id.length <= 80,
  'expected at most 80 characters: the ids of its runs are longer',
);

const gatePolicy = z.strictObject({
  maxAgeMs: epochMs
    .default(DAY_MS)
    .describe('the first keys of the last full run may have been compared so long ago'),
  maxLagMs: epochMs.optional().describe('rows may have taken so long to arrive, where the run measured it'),
  quietRuns: z
    .int()
    .min(1)
    .max(QUIET_RUNS_MAX)
    .default(1)
    .describe('so many full runs in a row must be consistent'),
  quietMs: epochMs
    .default(0)
    .describe('from the first key of those runs to the last one, so much time must have passed'),
});
export type MigrationGatePolicy = z.output<typeof gatePolicy>;

export const migrationDefinition = z.strictObject({
  version: z.literal(MIGRATION_VERSION),
  spec: specTemplate.describe(
    'what every run compares: a run spec without runId, stage, direction and basedOn',
  ),
  stage: stage.default('src_only').describe('where the migration stands when it is put for the first time'),
  schedule: z
    .strictObject({
      everyMs: z
        .int()
        .min(EVERY_MS_MIN)
        .max(EVERY_MS_MAX)
        .nullable()
        .default(null)
        .describe('from the end of a full run to the beginning of the next; null: only when one is ordered'),
    })
    .prefault({}),
  gate: gatePolicy.prefault({}).describe('what the gate of the migration asks for'),
});
/** With every default filled in. */
export type MigrationDefinition = z.output<typeof migrationDefinition>;
/** As a person writes it. */
export type MigrationDefinitionInput = z.input<typeof migrationDefinition>;

const stageSwitch = z.strictObject({
  stage,
  /** From then on. */
  at: epochMs,
  /** The run that the switch ended, as it turned the direction. */
  ended: runId.nullable(),
});

const standing = {
  migrationId,
  createdAt: epochMs,
  stage,
  stageSince: epochMs,
  /** The newest ones, the oldest of them first. */
  switches: z.array(stageSwitch).max(STAGE_SWITCHES_KEPT_MAX),
  /** Number of the newest run; 0 before the first. */
  runs: safeCount,
  /** When the newest run was begun; null before the first. */
  begunAt: epochMs.nullable(),
  /** Number of the run that is to begin as soon as no other one is under way; null: none is ordered. */
  ordered: z.int().min(1).nullable(),
};

/** What the ledger keeps. */
export const migrationRecord = z.strictObject({
  version: z.literal(MIGRATION_VERSION),
  ...standing,
  definition: migrationDefinition,
});
export type MigrationRecord = z.output<typeof migrationRecord>;

/** What the coordinator answers. */
export const migrationAnswer = z.object({
  version: z.literal(MIGRATION_VERSION),
  ...standing,
  /** Which side is trusted in this stage. */
  direction,
  /** Stages that it may switch to. */
  neighbours: z.array(stage),
  /** The newest run; null before the first. */
  runId: runId.nullable(),
  definition: z.looseObject({}),
});
export type MigrationAnswer = z.infer<typeof migrationAnswer>;

export const migrationsAnswer = z.object({
  migrations: z.array(migrationAnswer).max(MIGRATIONS_MAX),
  /** Those whose records this version cannot read, and why. */
  unreadable: z.array(z.object({ migrationId: z.string(), message: z.string() })),
});

/** What the reporter answers. */
export const reportedMigrations = migrationsAnswer.extend({
  migrations: z
    .array(migrationAnswer.pick({ migrationId: true, stage: true, direction: true, runs: true, runId: true }))
    .max(MIGRATIONS_MAX),
});
export type ReportedMigrations = z.infer<typeof reportedMigrations>;

export const stageOrder = z.strictObject({
  stage,
  expected: stage
    .optional()
    .describe('the stage in which the caller takes the migration to be: in another one, nothing is switched'),
});

export const migrationRunOrder = z.strictObject({
  number: z
    .int()
    .min(1)
    .optional()
    .describe('number of the wanted run: ordered again, it is the same run. The next one when left out'),
});

/** The same for every coordinator, so that a run that is begun twice is one run. */
export function migrationRunId(migration: string, number: number): string {
  return `${migration}.${number}`;
}
