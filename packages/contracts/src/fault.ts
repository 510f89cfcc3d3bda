/**
 * Faults are thrown, in four classes by what the handler must do. Inconsistencies are never faults.
 */
import type { Failure, FailureCode } from './failure.ts';

/**
 * `configuration`: stop, name the setting. `transient`: retry with backoff. `permanent`: no retry, the shard or
 * table is inconclusive. `invariant`: a bug of Rowparity, crash at once.
 */
export type FaultClass = 'configuration' | 'transient' | 'permanent' | 'invariant';

/**
 * Where the fault arose, if that decides what to do. `ledger`: nothing can be recorded in the ledger. `process`: the
 * process could not work as it has to, and does this shard later, from its checkpoint: its connections do not suffice
 * for all its shards, or a session was lost at the moment that would prove its rows.
 */
export type FaultPlace = 'ledger' | 'process';

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly class: FaultClass;
  readonly code: FailureCode;
  readonly place: FaultPlace | undefined;

  constructor(
    faultClass: FaultClass,
    failure: Failure,
    options: { readonly cause?: unknown; readonly place?: FaultPlace } = {},
  ) {
    super(failure.message, options);
    this.class = faultClass;
    this.code = failure.code;
    this.place = options.place;
  }
}

/** What the ledger keeps of an error: the text of a Fault only, because other messages may carry row values. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Fault) return { code: error.code, message: error.message.slice(0, 2000) };
  const name = error instanceof Error ? error.name : typeof error;
  return { code: 'INTERNAL', message: `Unexpected ${name}; see the worker's log.` };
}

/** Whether the ledger failed: then nothing can be recorded in it, and nothing is known of the databases. */
export function isOfLedger(error: unknown): boolean {
  return error instanceof Fault && error.place === 'ledger';
}

export function isTransient(error: unknown): boolean {
  return error instanceof Fault && error.class === 'transient';
}
