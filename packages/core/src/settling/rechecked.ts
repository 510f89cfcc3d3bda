/** What a run that only looked at known differences says of them. */
import { type Failure, isRecheck, type RunNote } from '@rowparity/contracts';
import type { WholeRun } from '../ledgering/wholeRun.ts';
import type { TableTotals } from '../ports/ledger.ts';
import { sumCounts } from './verdict.ts';

type Rechecking = Pick<WholeRun, 'spec'>;

/** Every known difference compared equal, and nothing else was compared. */
export function recheckedFailure(run: Rechecking, totals: readonly TableTotals[]): Failure {
  const message = `${told(run, totals)} Nothing but these keys was compared. Only a new run of all shards can be consistent.`;
  return { code: 'ONLY_KNOWN_COMPARED', message };
}

export function recheckedNotes(run: Rechecking, totals: readonly TableTotals[]): RunNote[] {
  if (!isRecheck(run.spec)) return [];
  const message = `${told(run, totals)} No range was read: other rows may differ.`;
  return [{ code: 'ONLY_KNOWN_COMPARED', message }];
}

function told({ spec }: Rechecking, totals: readonly TableTotals[]): string {
  const { knownStill, knownResolved, knownUnstable, knownHidden } = sumCounts(totals);
  const parts = [
    `${knownResolved} resolved`,
    `${knownStill} still different`,
    `${knownUnstable} unstable`,
    ...(knownHidden > 0 ? [`${knownHidden} that cannot be told`] : []),
  ];
  return `Of the known differences of run ${spec.basedOn?.runId ?? ''}: ${parts.join(', ')}.`;
}
