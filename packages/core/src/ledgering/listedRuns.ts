/** The list of runs that a service answers with, from the query of an address. */
import {
  cursorOf,
  RUNS_LISTED_MAX,
  type RunHeader,
  runListQuery,
  type SpecProblem,
  specProblems,
} from '@rowparity/contracts';
import type { LedgerReadings, UnreadableRun } from '../ports/ledger.ts';

export type ListedRuns =
  | {
      readonly kind: 'page';
      readonly runs: readonly RunHeader[];
      readonly unreadable: readonly UnreadableRun[];
      /** The cursor of the next page; null on the last one. */
      readonly next: string | null;
    }
  | { readonly kind: 'invalid'; readonly message: string; readonly problems: readonly SpecProblem[] };

export async function listedRuns(
  query: unknown,
  ledger: Pick<LedgerReadings, 'pageRuns'>,
): Promise<ListedRuns> {
  const read = runListQuery.safeParse(query);
  if (!read.success) {
    const message = 'The query is not valid; problems lists every parameter.';
    return { kind: 'invalid', message, problems: specProblems(read.error) };
  }
  const { cursor, limit = RUNS_LISTED_MAX, state, verdict } = read.data;
  const { next, ...page } = await ledger.pageRuns({
    limit,
    ...(state === undefined ? {} : { state }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(cursor === undefined ? {} : { after: cursor }),
  });
  return { kind: 'page', ...page, next: next && cursorOf(next) };
}

/** The answer of both services, with status 400. */
export function invalidQuery({ message, problems }: Extract<ListedRuns, { kind: 'invalid' }>) {
  return { error: 'invalid_query', message, problems };
}
