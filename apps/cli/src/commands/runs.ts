/** `rowparity runs`: the runs of the services, the newest first, one page at a time. */
import { printable, RUNS_LISTED_MAX } from '@rowparity/contracts';
import type { Command } from 'commander';
import { answer } from '../output/answer.ts';
import { reporterOption } from '../services/addresses.ts';
import { askService } from '../services/askService.ts';

interface RunsFlags {
  readonly reporter: string;
  readonly json?: boolean;
  readonly state?: string;
  readonly verdict?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

interface Listed {
  readonly runs: readonly ListedRun[];
  readonly unreadable: readonly { readonly runId: string; readonly message: string }[];
  readonly next: string | null;
}

interface ListedRun {
  readonly runId: string;
  readonly state: string;
  readonly paused: boolean;
  readonly verdict: string | null;
  readonly createdAt: number;
}

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
      const asked = new URLSearchParams(Object.entries(query) as [string, string][]);
      const path = `/v1/runs?${asked}`;
      const page = (await askService({ service: 'reporter', base: reporter, path })) as Listed;
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

function lineOf({ runId, state, paused, verdict, createdAt }: ListedRun): string {
  const standing = verdict ?? (paused ? `${state}, paused` : state);
  return `${new Date(createdAt).toISOString()}  ${standing.padEnd(15)}  ${runId}`;
}
