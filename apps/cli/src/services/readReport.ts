/** The report of a run, from the reporter. */
import { type RunReport, runReport } from '@rowparity/contracts';
import { EXIT } from '@rowparity/runtime';
import { UsageError } from '../usage/usageError.ts';
import { askService } from './askService.ts';

export async function readReport(runId: string, reporter: string): Promise<RunReport> {
  const path = `/v1/runs/${encodeURIComponent(runId)}/report`;
  const read = runReport.safeParse(await askService({ service: 'reporter', base: reporter, path }));
  if (read.success) return read.data;
  const { path: place = [], message } = read.error.issues[0] ?? {};
  throw new UsageError(
    `the reporter at ${reporter} answered what this version does not know (${place.join('.')}: ${message}). Use the command of the reporter's version.`,
    { cause: read.error },
  );
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
