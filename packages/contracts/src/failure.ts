/** Why something has no result. The list of codes is closed; docs/failures.md describes each. */
import { z } from 'zod';

export const failureCode = z.enum([
  // configuration: stop, name what to correct
  'SPEC_INVALID',
  'CONNECTION_UNKNOWN',
  'TOPIC_NOT_ALLOWED',
  'TOPIC_NOT_FOUND',
  'ACCESS_DENIED',
  'TLS_REFUSED',
  'TLS_NEEDED',
  'SESSION_NOT_AS_ASKED',
  'DATABASE_UNKNOWN',
  'SAME_DATABASE',
  'TABLE_NOT_FOUND',
  'TABLE_ONLY_ON_SOURCE',
  'TABLE_ONLY_ON_DESTINATION',
  'TABLE_WITHOUT_KEY',
  'KEY_NOT_USABLE',
  'COLUMN_MISSING',
  'COLUMN_TYPES_DIFFER',
  'COLUMN_TYPE_UNSUPPORTED',
  'PREDICATE_REFUSED',
  'FENCE_REFUSED',
  'UPDATE_TIME_NOT_USABLE',
  'SCHEMA_CHANGED',
  'RERUN_REFUSED',
  // transient: retried, then inconclusive
  'SERVER_UNREACHABLE',
  'CONNECTION_LOST',
  'STATEMENT_KILLED',
  'STATEMENT_TIMEOUT',
  'TOO_MANY_CONNECTIONS',
  'TOO_MANY_STATEMENTS',
  'EVENTS_NOT_ACKNOWLEDGED',
  'ATTEMPTS_EXHAUSTED',
  // permanent
  'STATEMENT_FAILED',
  'USER_LIMIT_REACHED',
  'PROTOCOL_BROKEN',
  'ROW_TOO_LARGE',
  'LEDGER_UNUSABLE',
  'RUN_UNREADABLE',
  'RUN_DAMAGED',
  'RUN_CANCELLED',
  'SHARDS_INHERITED',
  'CHANGED_ROWS_ONLY',
  'ONLY_KNOWN_COMPARED',
  'KNOWN_OUT_OF_SIGHT',
  'UNSTABLE_ROWS',
  'TARGET_BEHIND',
  'POSITION_LOST',
  'RECALL_FAILED',
  'INTERNAL',
]);
export type FailureCode = z.infer<typeof failureCode>;

export const failure = z.strictObject({
  code: failureCode,
  /** What was expected, what was found, what to do. Never a credential or a row value. */
  message: z.string().max(2000),
});
export type Failure = z.infer<typeof failure>;
