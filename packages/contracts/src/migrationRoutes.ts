/** The HTTP of migrations: put them, switch their stage, order their runs. */
import { z } from 'zod';
import { type HttpRoutes, refusal } from './httpRoute.ts';
import {
  migrationAnswer,
  migrationDefinition,
  migrationId,
  migrationRunOrder,
  migrationsAnswer,
  stageOrder,
} from './migration.ts';

/** The parameter of every route about one migration. */
export const ofMigration = z.strictObject({ id: migrationId });

const stands = { description: 'Where the migration stands.', schema: migrationAnswer };
const unknown = refusal('There is no such migration.', 'migration_unknown');

export const MIGRATION_ROUTES = {
  putMigration: {
    method: 'PUT',
    path: '/v1/migrations/:id',
    summary:
      'Begin to watch over a migration. The same body again changes nothing, also when its stage has moved on.',
    access: 'token',
    params: ofMigration,
    body: migrationDefinition,
    bodyError: 'invalid_migration',
    answers: {
      200: { ...stands, description: 'It was there before, with this body; where it stands.' },
      201: { ...stands, description: 'It is there now.' },
      400: refusal('The migration is not valid; `problems` names every place.', 'invalid_migration'),
      409: refusal(
        'It is there with another body, or its record cannot be read.',
        'migration_exists',
        'run_unreadable',
      ),
      503: refusal('The ledger holds too many, or it was deleted meanwhile.', 'unavailable'),
    },
  },
  listMigrations: {
    method: 'GET',
    path: '/v1/migrations',
    summary: 'All migrations, the newest first.',
    access: 'token',
    answers: { 200: { description: 'Migrations, and those that cannot be read.', schema: migrationsAnswer } },
  },
  getMigration: {
    method: 'GET',
    path: '/v1/migrations/:id',
    summary: 'Where a migration stands.',
    access: 'token',
    params: ofMigration,
    answers: {
      200: stands,
      404: unknown,
      409: refusal('Its record cannot be read.', 'run_unreadable'),
    },
  },
  deleteMigration: {
    method: 'DELETE',
    path: '/v1/migrations/:id',
    summary: 'Watch over a migration no longer. Its runs stay as long as all runs.',
    access: 'token',
    params: ofMigration,
    answers: {
      204: { description: 'It is forgotten, and its id is free.', empty: true },
      404: unknown,
      409: refusal('A run of it is under way.', 'run_open'),
    },
  },
  switchStage: {
    method: 'POST',
    path: '/v1/migrations/:id/stage',
    summary:
      'Go to the next stage, or back. Where this turns the direction, the run under way ends, and another one begins.',
    access: 'token',
    params: ofMigration,
    body: stageOrder,
    answers: {
      200: { ...stands, description: 'It is in that stage, now or before; where it stands.' },
      404: unknown,
      409: refusal(
        'The stage is not a neighbour of the present one, the present one is not the expected one, or the record cannot be read.',
        'stage_not_next',
        'stage_other',
        'run_unreadable',
      ),
    },
  },
  orderMigrationRun: {
    method: 'POST',
    path: '/v1/migrations/:id/runs',
    summary: 'Order a full run: it begins as soon as no other one of the migration is under way.',
    access: 'token',
    params: ofMigration,
    body: migrationRunOrder,
    answers: {
      202: { ...stands, description: 'It is ordered, or was before; where the migration stands.' },
      404: unknown,
      409: refusal(
        'The number is beyond that of the next run, or the record cannot be read.',
        'run_number_ahead',
        'run_unreadable',
      ),
    },
  },
} as const satisfies HttpRoutes;
