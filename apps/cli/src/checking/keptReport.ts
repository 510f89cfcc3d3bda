/** The report of a run that a ledger of `check` keeps. */
import type { RunReport } from '@rowparity/contracts';
import { reportOf } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { withKeptRun } from './keptRun.ts';

/** Of the newest run when `runId` is left out. */
export function keptReport(place: string, runId: string | undefined): Promise<RunReport> {
  return withKeptRun({ place, runId }, async ({ ledger, run }) => {
    return (await reportOf(run.runId, { ledger }, systemClock.now())) as RunReport;
  });
}
