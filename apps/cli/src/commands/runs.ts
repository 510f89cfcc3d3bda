/** `rowparity runs`: the runs of the services, the newest first, one page at a time. */
import {
  type HttpDocument,
  type HttpQuestion,
  printable,
  REPORTER_ROUTES,
  RUNS_LISTED_MAX,
} from '@rowparity/contracts';
import type { Command } from 'commander';
import { answer } from '../output/answer.ts';
import { reporterOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';

interface RunsFlags {
  readonly reporter: string;
  readonly json?: boolean;
  readonly state?: string;
  readonly verdict?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

type Listed = HttpDocument<typeof REPORTER_ROUTES.listReportedRuns>;

export function addRuns(program: Command): void {
  program
    .command('runs')
    .description('list runs, the newest first')
    .option('--state <state>', 'only those in this state: accepted, planning, running, settled')
    .option('--verdict <verdict>', 'only those with this verdict: consistent, inconsistent, inconclusive')
    .option('--limit <count>', `most runs of a page, at most ${RUNS_LISTED_MAX}`)
    .option('--cursor <cursor>', 'go on behind the page that ended with this cursor')
    .option('--json', 'print the page as JSON')
    .addOption(reporterOption())
    .action(async ({ reporter, json, ...query }: RunsFlags) => {
      // The reporter checks the words, and names the wrong one.
      const question = { query } as HttpQuestion<typeof REPORTER_ROUTES.listReportedRuns>;
      const asked = openClient({ reporter }).askReporter(REPORTER_ROUTES.listReportedRuns, question);
      const page = await orUsageError(asked);
      await answer([json ? `${JSON.stringify(page, null, 2)}\n` : linesOf(page)]);
    });
}

function linesOf({ runs, unreadable, next }: Listed): string {
  const lines = [
    ...runs.map(lineOf),
    ...unreadable.map(({ runId, message }) => `${runId}  not readable: ${message}`),
    ...(next === null ? [] : [`More: --cursor ${next}`]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function lineOf({ runId, state, paused, verdict, createdAt }: Listed['runs'][number]): string {
  const standing = verdict ?? (paused ? `${state}, paused` : state);
  return `${new Date(createdAt).toISOString()}  ${standing.padEnd(15)}  ${runId}`;
}
