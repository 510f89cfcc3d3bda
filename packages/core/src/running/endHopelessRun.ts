/**
 * Ends a run that cannot have a result, with the cause as its failure. Otherwise the run would become inconclusive
 * after hours, and the cause would be reported only then.
 */
import { type Clock, type FailureCode, Fault, failureOf } from '@rowparity/contracts';
import type { LedgerReadings, RunStore } from '../ports/ledger.ts';
import { verdictOfEnded } from '../settling/verdict.ts';

/** They strike every shard of the run, each that has a difference, or each that this worker takes. */
const HOPELESS: ReadonlySet<FailureCode> = new Set([
  'TOPIC_NOT_ALLOWED',
  'TOPIC_NOT_FOUND',
  'CONNECTION_UNKNOWN',
  'RUN_UNREADABLE',
]);

export interface EndHopelessDeps {
  readonly ledger: Pick<LedgerReadings, 'sums'> & Pick<RunStore, 'settle'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** True when the run is settled now, by this call. */
export async function endHopelessRun(runId: string, cause: unknown, deps: EndHopelessDeps): Promise<boolean> {
  if (!(cause instanceof Fault) || !HOPELESS.has(cause.code)) return false;
  const { ledger, clock } = deps;
  const failure = failureOf(cause);
  const verdict = verdictOfEnded(await ledger.sums(runId));
  return ledger.settle(runId, { verdict, failure, now: clock.now() });
}
