/** Shows a run while it goes on: a picture that is redrawn on a terminal, a line now and then in a log. */
import type { RunReport } from '@rowparity/contracts';
import { answer } from '../output/answer.ts';
import { followRun } from '../services/followRun.ts';
import { redrawing } from './redrawing.ts';
import { cutToWidth, progressLine, reportLines } from './reportLines.ts';

const REDRAW_MS = 300;
const LINE_MS = 5000;

/** Resolves with the settled report, after it was shown. */
export async function watchRun(runId: string, reporter: string): Promise<RunReport> {
  const isTerminal = process.stdout.isTTY === true;
  const draw = redrawing(process.stdout);
  const report = await followRun({
    ...{ runId, reporter },
    pollMs: isTerminal ? REDRAW_MS : LINE_MS,
    show: (now) =>
      isTerminal
        ? draw(cutToWidth(reportLines(now), process.stdout.columns))
        : answer([`${progressLine(now)}\n`]),
  });
  if (isTerminal) draw(reportLines(report));
  else await answer([`${reportLines(report).join('\n')}\n`]);
  return report;
}
