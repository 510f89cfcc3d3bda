/**
 * Migrations and the runs that they begin. A switch of the stage that turns the direction also ends the run under way,
 * in the same step: so a run of the old direction gets no claim from then on, and takes no write.
 */
import type { MigrationDefinition, MigrationRecord, RunSpec, Stage } from '@rowparity/contracts';

export type CreateMigrationResult =
  | { readonly kind: 'created'; readonly migration: MigrationRecord }
  /** It is there with the same definition; its stage may be another one by now. */
  | { readonly kind: 'same'; readonly migration: MigrationRecord }
  /** It is there with another definition, and stays as it is. */
  | { readonly kind: 'different'; readonly migration: MigrationRecord }
  /** The store holds as many migrations as it takes. */
  | { readonly kind: 'full' };

export interface StageSwitch {
  readonly to: Stage;
  /** In another stage, nothing is switched. Any when left out. */
  readonly expected?: Stage | undefined;
  readonly now: number;
}

export type SwitchStageResult =
  /** `ended`: the run that was under way in the other direction, and is cancelled now. Another one is ordered. */
  | { readonly kind: 'switched'; readonly migration: MigrationRecord; readonly ended: string | null }
  /** It is in that stage already. */
  | { readonly kind: 'same'; readonly migration: MigrationRecord }
  /** The stage is not a neighbour of the present one. */
  | { readonly kind: 'notNext'; readonly migration: MigrationRecord }
  /** The present stage is not the expected one. */
  | { readonly kind: 'other'; readonly migration: MigrationRecord }
  | { readonly kind: 'unknown' };

export type OrderMigrationRunResult =
  /** It begins when no other run is under way; a repeated order is the same one. */
  | { readonly kind: 'ordered'; readonly migration: MigrationRecord }
  /** A run of this number began before. */
  | { readonly kind: 'begun'; readonly migration: MigrationRecord }
  /** The number is beyond that of the next run. */
  | { readonly kind: 'ahead'; readonly migration: MigrationRecord }
  | { readonly kind: 'unknown' };

export interface BeginMigrationRun {
  readonly migrationId: string;
  /** One more than the newest run has. */
  readonly number: number;
  /** Of the stage in which it was made. */
  readonly spec: RunSpec;
  readonly now: number;
}

export type BeginMigrationRunResult =
  /** The run is created, as generation `number`. */
  | { readonly kind: 'begun' }
  /** A run of this id was there before: its number is used up, and the next one is free. */
  | { readonly kind: 'taken' }
  /** The migration stands elsewhere by now: in another direction, or another run was begun. Nothing was written. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'unknown' };

export interface UnreadableMigration {
  readonly migrationId: string;
  /** Why, and what to do. */
  readonly message: string;
}

export interface MigrationList {
  readonly migrations: readonly MigrationRecord[];
  readonly unreadable: readonly UnreadableMigration[];
}

export interface MigrationReadings {
  /** Throws RUN_UNREADABLE. */
  getMigration(migrationId: string): Promise<MigrationRecord | undefined>;
  /** The newest first. */
  listMigrations(): Promise<MigrationList>;
}

export interface MigrationStore extends MigrationReadings {
  createMigration(id: string, definition: MigrationDefinition, now: number): Promise<CreateMigrationResult>;
  /** One step, with the end of the run under way where the direction turns. */
  switchStage(migrationId: string, change: StageSwitch): Promise<SwitchStageResult>;
  /** The next run when `number` is left out. */
  orderMigrationRun(migrationId: string, number?: number): Promise<OrderMigrationRunResult>;
  /** Creates the run and counts it, in one step. */
  beginMigrationRun(begin: BeginMigrationRun): Promise<BeginMigrationRunResult>;
  /** `open`: its newest run is not settled. */
  deleteMigration(migrationId: string): Promise<'deleted' | 'open' | 'unknown'>;
}
