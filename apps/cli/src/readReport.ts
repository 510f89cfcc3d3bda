/** The report of a run, from the reporter. */
import { type RunReport, runReport } from '@rowparity/contracts';
import { EXIT } from '@rowparity/runtime';
import { askService } from './askService.ts';

export async function readReport(runId: string, reporter: string): Promise<RunReport> {
  const path = `/v1/runs/${encodeURIComponent(runId)}/report`;
  return runReport.parse(await askService({ service: 'reporter', base: reporter, path }));
}

/** What the exit code says of a run: a run without a verdict yet is inconclusive. */
export function exitCodeOf({ verdict }: RunReport): number {
  switch (verdict) {
    case 'consistent':
      return EXIT.ok;
    case 'inconsistent':
      return EXIT.inconsistent;
    case 'inconclusive':
    case null:
      return EXIT.inconclusive;
  }
}
