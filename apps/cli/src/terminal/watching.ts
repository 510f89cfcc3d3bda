/** Shows a run of the services while it goes on: a picture on a terminal, a line now and then in a log. */
import type { RunReport } from '@rowparity/contracts';
import { answer } from '../output/answer.ts';
import { followRun } from '../services/followRun.ts';
import { liveView } from './liveView.ts';
import { painted, unpainted } from './paint.ts';
import { progressLine } from './progressLine.ts';
import { runEnding } from './runEnding.ts';
import { runPicture } from './runPicture.ts';

const REDRAW_MS = 300;
const LINE_MS = 5000;

/** Resolves with the settled report, after it was shown. */
export async function watchRun(runId: string, reporter: string): Promise<RunReport> {
  const { stdout } = process;
  const view = stdout.isTTY === true ? liveView(stdout) : undefined;
  const paint = view ? painted(stdout) : unpainted;
  const report = await followRun({
    ...{ runId, reporter },
    pollMs: view ? REDRAW_MS : LINE_MS,
    show: (now) =>
      view
        ? view.draw(runPicture({ report: now, asked: undefined, screen: view.screen, paint }))
        : answer([`${progressLine(now)}\n`]),
  }).finally(() => view?.clear());
  await answer([`${runEnding({ report, paint }).join('\n')}\n`]);
  return report;
}
