/** How a migration goes from stage to stage, and what its runs are: the rules that every store of migrations keeps. */
import {
  directionOfStage,
  MIGRATION_VERSION,
  type MigrationDefinition,
  type MigrationRecord,
  migrationDefinition,
  migrationRunId,
  type RunSpec,
  type Stage,
  stage,
} from '@rowparity/contracts';
import { canonicalJson } from '../hashing/canonicalJson.ts';

/** One step forth or back: each is a moment at which an application changes where it writes and reads. */
export function neighboursOf(from: Stage): readonly Stage[] {
  const order = stage.options;
  const place = order.indexOf(from);
  return order.filter((_, other) => Math.abs(other - place) === 1);
}

/** Id of the newest run; undefined before the first. */
export function newestRunOf({ migrationId, runs }: MigrationRecord): string | undefined {
  return runs === 0 ? undefined : migrationRunId(migrationId, runs);
}

/** The spec of a run in the present stage of a migration. */
export function migrationRunSpec(migration: MigrationRecord, number: number): RunSpec {
  const { migrationId, definition, stage: now } = migration;
  const runId = migrationRunId(migrationId, number);
  return { ...definition.spec, runId, stage: now, direction: directionOfStage(now) };
}

export function isSameDefinition(a: MigrationDefinition, b: MigrationDefinition): boolean {
  return canonicalJson(parsedAgain(a)) === canonicalJson(parsedAgain(b));
}

function parsedAgain(definition: MigrationDefinition): MigrationDefinition {
  return migrationDefinition.parse(JSON.parse(JSON.stringify(definition)));
}

/** The record of a migration that has no run yet. */
export function newMigration(id: string, definition: MigrationDefinition, now: number): MigrationRecord {
  const { stage: first } = definition;
  return {
    ...{ version: MIGRATION_VERSION, migrationId: id, definition, createdAt: now },
    ...{ stage: first, stageSince: now, switches: [], runs: 0, begunAt: null, ordered: null },
  };
}
