/** Answers about migrations: put, list, switch their stage, order their runs. */
import {
  type COORDINATOR_ROUTES,
  directionOfStage,
  listed,
  type MigrationDefinition,
  type MigrationRecord,
} from '@rowparity/contracts';
import {
  type MigrationStore,
  migrationRunSpec,
  neighboursOf,
  newestRunOf,
  newMigration,
} from '@rowparity/core';
import type { HttpHandlers } from '@rowparity/runtime';
import { type AcceptDeps, refusedNames } from './acceptSpec.ts';
import { invalidSpec } from './ordered.ts';

type Handlers = Pick<
  HttpHandlers<typeof COORDINATOR_ROUTES>,
  'putMigration' | 'listMigrations' | 'getMigration' | 'deleteMigration' | 'switchStage' | 'orderMigrationRun'
>;

export interface MigrationDeps extends Omit<AcceptDeps, 'ledger' | 'log' | 'webhooks'> {
  readonly migrations: MigrationStore;
}

export function migrationHandlers(deps: MigrationDeps): Handlers {
  const { migrations, clock } = deps;
  return {
    putMigration: ({ params: { id }, body }) => put(id, body, deps),
    async listMigrations() {
      const { migrations: all, unreadable } = await migrations.listMigrations();
      return { status: 200, body: { migrations: all.map(migrationAnswer), unreadable } };
    },
    async getMigration({ params: { id } }) {
      const found = await migrations.getMigration(id);
      return found ? { status: 200, body: migrationAnswer(found) } : unknownMigration(id);
    },
    async deleteMigration({ params: { id } }) {
      const kind = await migrations.deleteMigration(id);
      if (kind === 'unknown') return unknownMigration(id);
      if (kind === 'deleted') return { status: 204 };
      const message = `A run of migration ${id} is under way. Cancel it first, or wait for its verdict.`;
      return { status: 409, body: { error: 'run_open', message } };
    },
    async switchStage({ params: { id }, body: { stage: to, expected } }) {
      const switched = await migrations.switchStage(id, { to, expected, now: clock.now() });
      switch (switched.kind) {
        case 'switched':
        case 'same':
          return { status: 200, body: migrationAnswer(switched.migration) };
        case 'notNext':
          return { status: 409, body: notNext(switched.migration, to) };
        case 'other':
          return { status: 409, body: otherStage(switched.migration, expected ?? to) };
        case 'unknown':
          return unknownMigration(id);
      }
    },
    async orderMigrationRun({ params: { id }, body: { number } }) {
      const ordered = await migrations.orderMigrationRun(id, number);
      switch (ordered.kind) {
        case 'ordered':
        case 'begun':
          return { status: 202, body: migrationAnswer(ordered.migration) };
        case 'ahead': {
          const next = ordered.migration.runs + 1;
          const message = `The next run of migration ${id} has the number ${next}, and ${number} is ordered. Order ${next}, or name no number.`;
          return { status: 409, body: { error: 'run_number_ahead', message } };
        }
        case 'unknown':
          return unknownMigration(id);
      }
    },
  };
}

async function put(
  id: string,
  definition: MigrationDefinition,
  deps: MigrationDeps,
): Promise<Awaited<ReturnType<Handlers['putMigration']>>> {
  const now = deps.clock.now();
  const first = migrationRunSpec(newMigration(id, definition, now), 1);
  const problems = refusedNames(first, deps).map(({ path, message }) => ({ path: `spec.${path}`, message }));
  if (problems.length > 0) return invalidMigration(problems);
  const created = await deps.migrations.createMigration(id, definition, now);
  switch (created.kind) {
    case 'created':
      return { status: 201, body: migrationAnswer(created.migration) };
    case 'same':
      return { status: 200, body: migrationAnswer(created.migration) };
    case 'different': {
      const message = `Migration ${id} is there with another body. Put that one, choose another id, or delete it first; its runs stay.`;
      return { status: 409, body: { error: 'migration_exists', message } };
    }
    case 'full': {
      const message = 'The ledger holds as many migrations as it takes. Delete some that are over.';
      return { status: 503, body: { error: 'unavailable', message } };
    }
  }
}

function invalidMigration(problems: ReturnType<typeof refusedNames>) {
  const { status, body } = invalidSpec(problems);
  const message = 'The migration is not valid; problems lists every place.';
  return { status, body: { ...body, error: 'invalid_migration', message } } as const;
}

function notNext({ migrationId, stage }: MigrationRecord, wanted: string) {
  const next = listed(neighboursOf(stage), neighboursOf(stage).length);
  const message = `Migration ${migrationId} is in stage ${stage}, and ${wanted} is no neighbour of it. Switch to ${next}, one stage at a time.`;
  return { error: 'stage_not_next', message } as const;
}

function otherStage({ migrationId, stage }: MigrationRecord, expected: string) {
  const message = `Migration ${migrationId} is in stage ${stage}, not in ${expected} as expected: it was switched meanwhile. Look at it, and decide anew.`;
  return { error: 'stage_other', message } as const;
}

function unknownMigration(id: string) {
  const message = `There is no migration "${id}".`;
  return { status: 404, body: { error: 'migration_unknown', message } } as const;
}

function migrationAnswer(record: MigrationRecord) {
  return {
    ...record,
    direction: directionOfStage(record.stage),
    neighbours: [...neighboursOf(record.stage)],
    runId: newestRunOf(record) ?? null,
  };
}
