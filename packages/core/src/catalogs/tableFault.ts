/** Whether a fault is one table's: then that table has no result, and the others are compared all the same. */
import { type FailureCode, Fault, isOfLedger } from '@rowparity/contracts';

/** Faults of a server, of its connection or of the ledger: they would hit every other table as well. */
const OF_THE_WHOLE: ReadonlySet<FailureCode> = new Set([
  'CONNECTION_UNKNOWN',
  'TLS_REFUSED',
  'TLS_NEEDED',
  'SESSION_NOT_AS_ASKED',
  'DATABASE_UNKNOWN',
  'SERVER_UNREACHABLE',
  'CONNECTION_LOST',
  'TOO_MANY_CONNECTIONS',
  'TOO_MANY_STATEMENTS',
  'USER_LIMIT_REACHED',
  'LEDGER_UNUSABLE',
]);

export function isOfOneTable(error: unknown): boolean {
  return !(error instanceof Fault) || (!OF_THE_WHOLE.has(error.code) && !isOfLedger(error));
}
