/** `rowparity watch RUN`: live progress until the run is settled; the exit code is its verdict. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '@rowparity/contracts';
import type { Command } from 'commander';
import { answer } from '../output/answer.ts';
import { redrawing } from '../reports/redrawing.ts';
import { cutToWidth, progressLine, reportLines } from '../reports/reportLines.ts';
import { reporterOption } from '../services/addresses.ts';
import { exitCodeOf, readReport } from '../services/readReport.ts';

/** On a terminal the picture is redrawn often; a log gets a line now and then. */
const REDRAW_MS = 300;
const LINE_MS = 5000;

export function addWatch(program: Command): void {
  program
    .command('watch')
    .description('watch a run until it is settled; the exit code is its verdict')
    .argument('<run>', 'id of the run')
    .addOption(reporterOption())
    .action(async (runId: string, { reporter }: { reporter: string }) => {
      const isTerminal = process.stdout.isTTY === true;
      const draw = redrawing(process.stdout);
      const show = async (report: RunReport) =>
        isTerminal
          ? draw(cutToWidth(reportLines(report), process.stdout.columns))
          : await answer([`${progressLine(report)}\n`]);
      let report = await readReport(runId, reporter);
      while (report.state !== 'settled') {
        await show(report);
        await sleep(isTerminal ? REDRAW_MS : LINE_MS);
        report = await readReport(runId, reporter);
      }
      if (isTerminal) draw(reportLines(report));
      else await answer([`${reportLines(report).join('\n')}\n`]);
      process.exitCode = exitCodeOf(report);
    });
}
