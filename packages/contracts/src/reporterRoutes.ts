/** The HTTP of the reporter: progress, report and certificate of a run. It changes nothing. */
import { gateAnswer, gateQuery } from './gateAnswer.ts';
import { type HttpRoutes, refusal } from './httpRoute.ts';
import { knownAnswer, knownQuery } from './knownDifference.ts';
import { reportedMigrations } from './migration.ts';
import { migrationGateAnswer, migrationGateQuery } from './migrationGate.ts';
import { ofMigration } from './migrationRoutes.ts';
import { PAGE_ROUTES } from './pageRoutes.ts';
import { reportedRuns } from './runAnswers.ts';
import { runFleet } from './runFleet.ts';
import { runListQuery } from './runListQuery.ts';
import { runReport } from './runReport.ts';
import { ofRun, SERVICE_ROUTES } from './serviceRoutes.ts';
import { shardMap, shardMapQuery } from './shardMap.ts';

const unknown = refusal('There is no such run.', 'run_unknown');
const report = {
  method: 'GET',
  access: 'token',
  params: ofRun,
  answers: {
    200: { description: 'How far the run is, and what it found.', schema: runReport },
    404: unknown,
    409: refusal('The records of the run cannot be read.', 'run_unreadable', 'run_damaged'),
  },
} as const;

export const REPORTER_ROUTES = {
  listReportedRuns: {
    method: 'GET',
    path: '/v1/runs',
    summary: 'The newest runs first, in pages.',
    access: 'token',
    query: runListQuery,
    answers: { 200: { description: 'Runs, and those that cannot be read.', schema: reportedRuns } },
  },
  getProgress: {
    ...report,
    path: '/v1/runs/:id/progress',
    summary: 'The same document as the report; of a run that is not settled it costs a few reads.',
  },
  getReport: { ...report, path: '/v1/runs/:id/report', summary: 'How far a run is, and what it found.' },
  getGate: {
    method: 'GET',
    path: '/v1/runs/:id/gate',
    summary: 'May a migration go on after this run: yes or no, with every reason.',
    access: 'token',
    params: ofRun,
    query: gateQuery,
    answers: {
      200: { description: 'Ready or not, and why not.', schema: gateAnswer },
      404: unknown,
      409: refusal('The records of the run cannot be read.', 'run_unreadable', 'run_damaged'),
    },
  },
  getLive: {
    method: 'GET',
    path: '/v1/runs/:id/live',
    summary: 'The report as server-sent events: once whole, then what changes, until the run is settled.',
    access: 'token',
    params: ofRun,
    answers: {
      200: {
        description: 'Events `report`, `change`, `trouble` and `gone`; docs/page.md tells them.',
        media: 'text/event-stream',
      },
      404: unknown,
      409: refusal('The records of the run cannot be read.', 'run_unreadable', 'run_damaged'),
      429: refusal('The reporter has as many viewers as it takes.', 'too_many_requests'),
    },
  },
  getShardMap: {
    method: 'GET',
    path: '/v1/runs/:id/shards/map',
    summary: 'All shards of a run in the order of their keys, counted by outcome in a few cells.',
    access: 'token',
    params: ofRun,
    query: shardMapQuery,
    answers: {
      200: { description: 'The map; of an open run, as it was some seconds ago.', schema: shardMap },
      404: unknown,
      409: refusal('The records of the run cannot be read.', 'run_unreadable', 'run_damaged'),
    },
  },
  getFleet: {
    method: 'GET',
    path: '/v1/runs/:id/fleet',
    summary: 'Who works on a run at this moment.',
    access: 'token',
    params: ofRun,
    answers: {
      200: { description: 'Workers with shards of it, and the queue of all runs.', schema: runFleet },
      404: unknown,
      409: refusal('The records of the run cannot be read.', 'run_unreadable', 'run_damaged'),
    },
  },
  listReportedMigrations: {
    method: 'GET',
    path: '/v1/migrations',
    summary: 'All migrations, the newest first.',
    access: 'token',
    answers: { 200: { description: 'Where they stand.', schema: reportedMigrations } },
  },
  getMigrationGate: {
    method: 'GET',
    path: '/v1/migrations/:id/gate',
    summary: 'May a migration go on from its stage: yes or no, with every reason of its runs.',
    access: 'token',
    params: ofMigration,
    query: migrationGateQuery,
    answers: {
      200: { description: 'Ready or not, and why not.', schema: migrationGateAnswer },
      404: refusal('There is no such migration.', 'migration_unknown'),
      409: refusal('Its record, or that of its last run, cannot be read.', 'run_unreadable', 'run_damaged'),
    },
  },
  getKnown: {
    method: 'GET',
    path: '/v1/runs/:id/known',
    summary: 'The confirmed differences that are kept with a run, by key, in pages.',
    access: 'token',
    params: ofRun,
    query: knownQuery,
    answers: {
      200: { description: 'Keys, never values. Overflowed tables are named.', schema: knownAnswer },
      404: unknown,
      409: refusal('The records of the run cannot be read.', 'run_unreadable', 'run_damaged'),
    },
  },
  getCertificate: {
    method: 'GET',
    path: '/v1/runs/:id/certificate',
    summary: 'The certificate of a settled run, as JSON lines.',
    access: 'token',
    params: ofRun,
    answers: {
      200: { description: 'One line a part; docs/certificate.md tells them.', media: 'application/x-ndjson' },
      404: unknown,
      409: refusal(
        'The run is not settled, or its records cannot be read.',
        'run_not_settled',
        'run_unreadable',
        'run_damaged',
      ),
    },
  },
  ...SERVICE_ROUTES,
  ...PAGE_ROUTES,
} as const satisfies HttpRoutes;
