/** The page of runs that a service answers with. */
import { cursorOf, RUNS_LISTED_MAX, type RunHeader, type RunListQuery } from '@rowparity/contracts';
import type { LedgerReadings, UnreadableRun } from '../ports/ledger.ts';

export interface ListedRuns {
  readonly runs: readonly RunHeader[];
  readonly unreadable: readonly UnreadableRun[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

export async function listedRuns(
  { cursor, limit = RUNS_LISTED_MAX, state, verdict }: RunListQuery,
  ledger: Pick<LedgerReadings, 'pageRuns'>,
): Promise<ListedRuns> {
  const { next, ...page } = await ledger.pageRuns({
    limit,
    ...(state === undefined ? {} : { state }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(cursor === undefined ? {} : { after: cursor }),
  });
  return { ...page, next: next && cursorOf(next) };
}
