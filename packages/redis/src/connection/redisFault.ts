/**
 * Sorts the errors of ioredis into faults. Redis's own texts name commands and states, never values; they are kept.
 */
import { Fault } from '@rowparity/contracts';
import { ReplyError } from 'ioredis';

/** Redis is there and will take the command later: starting, failing over, busy, or without room on its disk. */
const PASSING = /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|NOREPLICAS|MISCONF)/;
const REFUSED = /^(NOAUTH|WRONGPASS|NOPERM)/;
const FULL = /^OOM/;
/** Older servers put it behind words about the script. */
const OTHER_TYPE = /\bWRONGTYPE\b/;

export function redisFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ReplyError)) return connectionFault(text, error);
  if (REFUSED.test(text)) return refusedFault(text, error);
  if (FULL.test(text)) return fullFault(error);
  if (OTHER_TYPE.test(text)) return otherTypeFault(error);
  if (PASSING.test(text)) return connectionFault(text, error);
  const message = `Redis refused a command of Rowparity: ${text}. This is a bug of Rowparity, or a Redis older than 6.2.`;
  return new Fault('invariant', { code: 'INTERNAL', message }, { cause: error, place: 'ledger' });
}

function connectionFault(text: string, cause: unknown): Fault {
  const message = `Expected Redis to answer, found: ${text}. Look at the Redis that ROWPARITY_REDIS_URL names.`;
  return new Fault('transient', { code: 'CONNECTION_LOST', message }, { cause, place: 'ledger' });
}

function refusedFault(text: string, cause: unknown): Fault {
  const message = `Redis refused the user or the password of ROWPARITY_REDIS_URL: ${text}. Correct that variable.`;
  return new Fault('configuration', { code: 'ACCESS_DENIED', message }, { cause, place: 'ledger' });
}

function fullFault(cause: unknown): Fault {
  const message = 'Redis is full: raise its maxmemory, or remove what else it holds. Nothing was written.';
  return new Fault('transient', { code: 'SERVER_UNREACHABLE', message }, { cause, place: 'ledger' });
}

/** Only the run of this key is affected. */
function otherTypeFault(cause: unknown): Fault {
  const message =
    'A key of the ledger holds a value of another type: something else wrote it. Look at what else uses this Redis.';
  return new Fault('permanent', { code: 'RUN_UNREADABLE', message }, { cause, place: 'ledger' });
}

/** Awaits a command; what it throws is a fault. */
export async function orRedisFault<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    throw redisFault(error);
  }
}
