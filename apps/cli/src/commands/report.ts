/** `rowparity report RUN`: the report, as JSON or for reading. */
import type { Command } from 'commander';
import { reporterOption } from '../addresses.ts';
import { exitCodeOf, readReport } from '../readReport.ts';
import { reportLines } from '../reportLines.ts';

export function addReport(program: Command): void {
  program
    .command('report')
    .description('show the report of a run; the exit code is its verdict')
    .argument('<run>', 'id of the run')
    .option('--json', 'print the report as JSON')
    .addOption(reporterOption())
    .action(async (runId: string, { reporter, json }: { reporter: string; json?: boolean }) => {
      const report = await readReport(runId, reporter);
      process.stdout.write(
        json ? `${JSON.stringify(report, null, 2)}\n` : `${reportLines(report).join('\n')}\n`,
      );
      process.exitCode = exitCodeOf(report);
    });
}
