/** Takes a migration one step further: begins its next run where one is due. Keeps nothing between two calls. */
import { type Clock, type MigrationRecord, migrationRunId, type RunSpec } from '@rowparity/contracts';
import { migrationRunSpec, newestRunOf } from '../ledgering/stages.ts';
import type { LedgerReadings, MigrationStore } from '../ports/ledger.ts';
import { nextMigrationStep } from './nextMigrationStep.ts';

export interface AdvanceMigrationDeps {
  readonly migrations: Pick<MigrationStore, 'beginMigrationRun'>;
  readonly ledger: Pick<LedgerReadings, 'getRun'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Awaited before the run is created. */
  beforeBegin?(spec: RunSpec): Promise<void>;
}

export type MigrationAdvanced =
  | { readonly kind: 'begun'; readonly runId: string }
  /** A run of that id was there before; the next call takes the next number. */
  | { readonly kind: 'taken'; readonly runId: string }
  /** Nothing is due, or the migration moved meanwhile: the next call finds out. */
  | { readonly kind: 'waiting' };

export async function advanceMigration(
  migration: MigrationRecord,
  { migrations, ledger, clock, beforeBegin }: AdvanceMigrationDeps,
): Promise<MigrationAdvanced> {
  const { migrationId } = migration;
  const newest = newestRunOf(migration);
  const header = newest === undefined ? undefined : await ledger.getRun(newest);
  const now = clock.now();
  const step = nextMigrationStep(migration, header, now);
  if (step.kind === 'wait') return { kind: 'waiting' };
  const { number } = step;
  const spec = migrationRunSpec(migration, number);
  await beforeBegin?.(spec);
  const { kind } = await migrations.beginMigrationRun({ migrationId, number, spec, now });
  const runId = migrationRunId(migrationId, number);
  return kind === 'begun' || kind === 'taken' ? { kind, runId } : { kind: 'waiting' };
}
