/** The HTTP of the coordinator: order runs, see where they stand, cancel and delete them. */
import { z } from 'zod';
import { doctorReport } from './doctorReport.ts';
import { type HttpRoutes, refusal } from './httpRoute.ts';
import { MIGRATION_ROUTES } from './migrationRoutes.ts';
import { recheckOrder, rerunOrder } from './rerun.ts';
import { backlogAnswer, dryRunAnswer, runsAnswer, wholeRunAnswer } from './runAnswers.ts';
import { runListQuery } from './runListQuery.ts';
import { runSpec } from './runSpec.ts';
import { ofRun, SERVICE_ROUTES } from './serviceRoutes.ts';
import { watchAnswer, watchesAnswer, watchId, watchSpec } from './watch.ts';

const whole = { description: 'Where the run stands.', schema: wholeRunAnswer };
const unknown = refusal('There is no such run.', 'run_unknown');
const ofWatch = z.strictObject({ id: watchId });
const watch = { description: 'Where the watch stands.', schema: watchAnswer };
const noWatch = refusal('There is no such watch.', 'watch_unknown');
const damaged = refusal('The records of the run cannot be read.', 'run_unreadable', 'run_damaged');
const ended = refusal(
  'The run is settled or cancelled, or its records cannot be read.',
  'run_settled',
  'run_cancelled',
  'run_unreadable',
  'run_damaged',
);

export const COORDINATOR_ROUTES = {
  submitRun: {
    method: 'POST',
    path: '/v1/runs',
    summary: 'Order a run. The run id is the idempotency key: the same spec again is the same run.',
    access: 'token',
    query: z.strictObject({
      dryRun: z
        .enum(['true', 'false'])
        .optional()
        .describe('true: tell what the spec would compare, and make no run'),
    }),
    body: runSpec,
    bodyError: 'invalid_spec',
    answers: {
      200: { description: 'Only of a dry run: what would be compared.', schema: dryRunAnswer },
      202: { ...whole, description: 'The run is accepted, or was before; where it stands.' },
      400: refusal('The spec is not valid; `problems` names every place.', 'invalid_spec'),
      409: refusal(
        'A run of this id has another spec, or its records cannot be read.',
        'run_exists',
        'run_unreadable',
        'run_damaged',
      ),
      429: refusal('Other dry runs are under way.', 'too_many_dry_runs'),
      422: refusal('A dry run of this spec takes too long.', 'dry_run_too_long'),
      503: refusal('The run was deleted while it was ordered.', 'unavailable'),
    },
  },
  listRuns: {
    method: 'GET',
    path: '/v1/runs',
    summary: 'The newest runs first, without tables and notes, in pages.',
    access: 'token',
    query: runListQuery,
    answers: { 200: { description: 'Runs, and those that cannot be read.', schema: runsAnswer } },
  },
  getRun: {
    method: 'GET',
    path: '/v1/runs/:id',
    summary: 'Where a run stands.',
    access: 'token',
    params: ofRun,
    answers: { 200: whole, 404: unknown, 409: damaged },
  },
  cancelRun: {
    method: 'POST',
    path: '/v1/runs/:id/cancel',
    summary: 'End a run early: it is settled with what it has. A settled run stays as it is.',
    access: 'token',
    params: ofRun,
    answers: { 202: whole, 404: unknown, 409: damaged },
  },
  pauseRun: {
    method: 'POST',
    path: '/v1/runs/:id/pause',
    summary: 'Let go of a run: it keeps what it has, and holds no connection and no job.',
    access: 'token',
    params: ofRun,
    answers: { 202: whole, 404: unknown, 409: ended },
  },
  resumeRun: {
    method: 'POST',
    path: '/v1/runs/:id/resume',
    summary: 'Go on with a paused run where it was.',
    access: 'token',
    params: ofRun,
    answers: { 202: whole, 404: unknown, 409: ended },
  },
  rerunRun: {
    method: 'POST',
    path: '/v1/runs/:id/rerun',
    summary: 'Compare the inconclusive or differing shards of a settled run anew, as a new run.',
    access: 'token',
    params: ofRun,
    body: rerunOrder,
    bodyError: 'invalid_order',
    answers: {
      202: { ...whole, description: 'The new run is accepted, or was before; where it stands.' },
      400: refusal('The new run would not be valid; `problems` names every place.', 'invalid_spec'),
      404: unknown,
      409: refusal(
        'The run cannot be run again in parts, or a run of the new id has another spec.',
        'run_not_settled',
        'run_not_planned',
        'nothing_to_rerun',
        'run_exists',
        'run_unreadable',
        'run_damaged',
      ),
      503: refusal('The new run was deleted while it was ordered.', 'unavailable'),
    },
  },
  recheckRun: {
    method: 'POST',
    path: '/v1/runs/:id/recheck',
    summary: 'Look at the known differences of a settled run again, as a new run that reads nothing else.',
    access: 'token',
    params: ofRun,
    body: recheckOrder,
    bodyError: 'invalid_order',
    answers: {
      202: { ...whole, description: 'The new run is accepted, or was before; where it stands.' },
      400: refusal('The new run would not be valid; `problems` names every place.', 'invalid_spec'),
      404: unknown,
      409: refusal(
        'The run has no known differences to look at, or a run of the new id has another spec.',
        'run_not_settled',
        'run_not_planned',
        'nothing_to_recheck',
        'run_exists',
        'run_unreadable',
        'run_damaged',
      ),
      503: refusal('The new run was deleted while it was ordered.', 'unavailable'),
    },
  },
  deleteRun: {
    method: 'DELETE',
    path: '/v1/runs/:id',
    summary: 'Forget a settled run, or one that cannot be read, with its report and certificate.',
    access: 'token',
    params: ofRun,
    answers: {
      204: { description: 'It is forgotten, and its id is free.', empty: true },
      404: unknown,
      409: refusal('The run is not settled.', 'run_open'),
    },
  },
  ...MIGRATION_ROUTES,
  putWatch: {
    method: 'PUT',
    path: '/v1/watches/:id',
    summary: 'Begin a watch, or go on with one that was stopped: a series of runs over one spec.',
    access: 'token',
    params: ofWatch,
    body: watchSpec,
    bodyError: 'invalid_watch',
    answers: {
      200: { ...watch, description: 'The watch is active, or was before; where it stands.' },
      400: refusal('The watch is not valid; `problems` names every place.', 'invalid_watch'),
      409: refusal(
        'A watch of this id has another spec, or there are too many.',
        'watch_exists',
        'too_many_watches',
      ),
    },
  },
  listWatches: {
    method: 'GET',
    path: '/v1/watches',
    summary: 'All watches, by their ids.',
    access: 'token',
    answers: { 200: { description: 'Active and stopped ones.', schema: watchesAnswer } },
  },
  getWatch: {
    method: 'GET',
    path: '/v1/watches/:id',
    summary: 'Where a watch stands, with its last generation.',
    access: 'token',
    params: ofWatch,
    answers: { 200: watch, 404: noWatch },
  },
  stopWatch: {
    method: 'DELETE',
    path: '/v1/watches/:id',
    summary: 'Stop a watch: no generation begins, and the one that runs goes on to its verdict.',
    access: 'token',
    params: ofWatch,
    answers: { 200: watch, 404: noWatch },
  },
  getBacklog: {
    method: 'GET',
    path: '/v1/backlog',
    summary: 'Shards that want a worker, to scale by.',
    access: 'token',
    answers: { 200: { description: 'Of all open runs.', schema: backlogAnswer } },
  },
  getDoctor: {
    method: 'GET',
    path: '/v1/doctor',
    summary: 'Whether Redis, Kafka and the databases are fit for runs, as this coordinator sees them now.',
    access: 'token',
    answers: {
      200: { description: 'What was found, also where something is wrong.', schema: doctorReport },
    },
  },
  ...SERVICE_ROUTES,
} as const satisfies HttpRoutes;
