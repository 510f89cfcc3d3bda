/**
 * Ends a run that cannot come to a result, with the cause as its failure: after hours it would be inconclusive all the
 * same, and until then nobody would look for the cause.
 */
import type { FailureCode } from '@rowparity/contracts';
import {
  type Clock,
  Fault,
  failureOf,
  type LedgerReadings,
  type RunStore,
  verdictOfEnded,
} from '@rowparity/core';

/** They strike every shard of the run that has a difference, or every shard that this worker takes. */
const HOPELESS: ReadonlySet<FailureCode> = new Set([
  'TOPIC_NOT_ALLOWED',
  'TOPIC_NOT_FOUND',
  'CONNECTION_UNKNOWN',
]);

export interface EndingParts {
  readonly ledger: Pick<LedgerReadings, 'sums'> & Pick<RunStore, 'settle'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** True when the run is settled now, by this call. */
export async function endHopelessRun(runId: string, cause: unknown, parts: EndingParts): Promise<boolean> {
  if (!(cause instanceof Fault) || !HOPELESS.has(cause.code)) return false;
  const { ledger, clock } = parts;
  const failure = failureOf(cause);
  const verdict = verdictOfEnded(await ledger.sums(runId));
  return ledger.settle(runId, { verdict, failure, now: clock.now() });
}
