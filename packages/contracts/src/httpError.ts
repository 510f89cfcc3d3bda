/** The one shape of every refusal over HTTP. The list of codes is closed: programs branch on them. */
import { z } from 'zod';

export const httpErrorCode = z.enum([
  // the request
  'bad_request',
  'bad_parameter',
  'bad_json',
  'invalid_spec',
  'invalid_body',
  'invalid_order',
  'body_too_large',
  'media_type_unsupported',
  'path_unknown',
  'method_not_allowed',
  // who asks, and how often
  'token_needed',
  'too_many_wrong_tokens',
  'too_many_requests',
  'too_many_dry_runs',
  // the run
  'run_unknown',
  'run_exists',
  'run_open',
  'run_settled',
  'run_cancelled',
  'run_not_planned',
  'nothing_to_rerun',
  'nothing_to_recheck',
  'run_not_settled',
  'run_unreadable',
  'run_damaged',
  // the migration
  'invalid_migration',
  'migration_unknown',
  'migration_exists',
  'stage_not_next',
  'stage_other',
  'run_number_ahead',
  // the watch
  'invalid_watch',
  'watch_unknown',
  'watch_exists',
  'too_many_watches',
  // the service
  'dry_run_too_long',
  'unavailable',
]);
export type HttpErrorCode = z.infer<typeof httpErrorCode>;

const httpProblem = z.object({
  /** Where in the body or among the parameters, such as `tables[0].name`. */
  path: z.string(),
  message: z.string(),
});

/** Every refusal that has one of these codes. */
export function httpErrorWith(codes: readonly [HttpErrorCode, ...HttpErrorCode[]]) {
  return z.object({
    error: z.enum(codes),
    /** What was expected, what was found, what to do. */
    message: z.string(),
    /** Every place that is wrong. */
    problems: z.array(httpProblem).optional(),
  });
}

export const httpError = httpErrorWith(httpErrorCode.options as [HttpErrorCode, ...HttpErrorCode[]]);
export type HttpError = z.infer<typeof httpError>;
