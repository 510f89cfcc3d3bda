/** `rowparity report RUN`: the report of a run of the services, or of a ledger of `check`, as JSON or for reading. */
import type { RunReport } from '@rowparity/contracts';
import type { Command } from 'commander';
import { keptReport } from '../checking/keptReport.ts';
import { expectRunId, ledgerOption } from '../checking/keptRun.ts';
import { answer } from '../output/answer.ts';
import { writeDocument } from '../output/runDocuments.ts';
import { reportJson, reportText } from '../reports/reportText.ts';
import { reporterOption } from '../services/addresses.ts';
import { exitCodeOf } from '../services/exitCodeOf.ts';
import { openClient, orUsageError } from '../services/openClient.ts';
import { painted, unpainted } from '../terminal/paint.ts';
import { runEnding } from '../terminal/runEnding.ts';

interface ReportFlags {
  readonly reporter: string;
  readonly ledger?: string;
  readonly json?: boolean;
  readonly output?: string;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('show the report of a run, from the reporter or from a ledger; the exit code is its verdict')
    .argument('[run]', 'id of the run; with --ledger its newest run when left out')
    .option('--json', 'print the report as JSON')
    .option('--output <file>', 'write it to a file: .md, .html, or JSON for any other suffix')
    .addOption(ledgerOption())
    .addOption(reporterOption())
    .action(async (runId: string | undefined, { reporter, ledger, json, output }: ReportFlags) => {
      const report = ledger
        ? await keptReport(ledger, runId)
        : await orUsageError(openClient({ reporter }).report(expectRunId(runId)));
      if (output) await writeDocument(output, [reportText(report, output)]);
      else await answer([json ? reportJson(report) : readable(report)]);
      process.exitCode = exitCodeOf(report);
    });
}

function readable(report: RunReport): string {
  const paint = process.stdout.isTTY === true ? painted(process.stdout) : unpainted;
  return `${runEnding({ report, paint }).join('\n')}\n`;
}
