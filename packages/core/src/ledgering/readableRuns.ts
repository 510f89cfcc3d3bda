/** Reads many runs. An unreadable run is listed beside the others and hides none of them. */

import type { RunHeader } from '@rowparity/contracts';
import { Fault } from '@rowparity/contracts';
import type { RunList, UnreadableRun } from '../ports/ledger.ts';

/** The record of this run cannot be read; the ledger itself answers. */
export function isUnreadable(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'RUN_UNREADABLE';
}

export interface ReadRuns extends RunList {
  /** Ids without a record. */
  readonly gone: readonly string[];
}

/** In the order of the ids. `read` throws RUN_UNREADABLE; any other fault is thrown on. */
export async function readRuns(
  ids: readonly string[],
  read: (runId: string) => Promise<RunHeader | undefined>,
): Promise<ReadRuns> {
  const runs: RunHeader[] = [];
  const unreadable: UnreadableRun[] = [];
  const gone: string[] = [];
  const found = await Promise.all(
    ids.map((runId) =>
      read(runId).then(
        (run) => () => void (run === undefined ? gone.push(runId) : runs.push(run)),
        (error: unknown) => {
          if (!isUnreadable(error)) throw error;
          return () => void unreadable.push({ runId, message: error.message });
        },
      ),
    ),
  );
  for (const put of found) put();
  return { runs, unreadable, gone };
}
