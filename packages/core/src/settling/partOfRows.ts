/** Why a run that found nothing is not `consistent`: it did not compare every row. */
import { type ChangedSince, changedFrom, type Failure, type RunNote } from '@rowparity/contracts';
import type { WholeRun } from '../ledgering/wholeRun.ts';
import { inheritedFailure } from './inherited.ts';

const OUT_OF_SIGHT =
  'Rows that were deleted, and rows that changed without a new update time, are out of its sight.';

export function partFailure(run: Pick<WholeRun, 'spec' | 'tables'>): Failure {
  const { changedSince } = run.spec;
  if (!changedSince) return inheritedFailure(run);
  const message = `No row that changed since ${told(changedSince)} differs. ${OUT_OF_SIGHT} Only a run of all rows can be consistent.`;
  return { code: 'CHANGED_ROWS_ONLY', message };
}

export function changedNotes({ spec: { changedSince } }: Pick<WholeRun, 'spec'>): RunNote[] {
  if (!changedSince) return [];
  const message = `Only rows that changed since ${told(changedSince)} are compared. ${OUT_OF_SIGHT}`;
  return [{ code: 'CHANGED_ROWS_ONLY', message }];
}

function told(since: ChangedSince): string {
  return `${changedFrom(since)} UTC by their column ${since.column}`;
}
