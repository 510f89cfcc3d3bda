/**
 * Progress on standard error: bars on a terminal, a line every few seconds elsewhere, nothing when asked to be quiet.
 */
import type { RunReport } from '@rowparity/contracts';
import { redrawing } from '../reports/redrawing.ts';
import { cutToWidth, progressLine, reportLines } from '../reports/reportLines.ts';
import { inCommandWords } from './commandWords.ts';

const REDRAW_MS = 300;
const LINE_MS = 5000;
const TERMINAL_ROWS = 24;

export interface Progress {
  /** Shows the last state, and no more after it. */
  end(report: RunReport): void;
  stop(): void;
}

export function showProgress(
  read: () => Promise<RunReport | undefined>,
  options: {
    readonly isQuiet: boolean;
    /** This process compared all of it: then a consistent run needs no summary. */
    readonly isFresh: boolean;
    readonly isEventsOnTerminal: boolean;
  },
): Progress {
  // Events between the bars would break the display.
  const isTerminal = process.stderr.isTTY === true && !options.isEventsOnTerminal;
  if (options.isQuiet) return { end: (report) => sayUnlessSilent(report, options.isFresh), stop() {} };
  const draw = isTerminal ? redrawing(process.stderr) : undefined;
  const show = (report: RunReport) => (draw ? draw(fitting(report)) : say([progressLine(report)]));
  const timer = setInterval(
    () => {
      // A ledger that cannot be read stops the work itself, with its reason.
      read().then(
        (report) => report && show(report),
        () => undefined,
      );
    },
    isTerminal ? REDRAW_MS : LINE_MS,
  );
  const stop = () => clearInterval(timer);
  return {
    stop,
    end(report) {
      stop();
      const lines = reportLines(inCommandWords(report));
      if (draw) draw(lines);
      else say(lines);
    },
  };
}

function sayUnlessSilent(report: RunReport, isFresh: boolean): void {
  const { rowsBase, rowsTarget } = report.counts;
  const isSilent = report.verdict === 'consistent' && isFresh && rowsBase + rowsTarget > 0;
  if (!isSilent) say(reportLines(inCommandWords(report)));
}

/** Lines above the terminal's top cannot be redrawn. */
function fitting(report: RunReport): readonly string[] {
  const lines = cutToWidth(reportLines(report), process.stderr.columns);
  return lines.length < (process.stderr.rows ?? TERMINAL_ROWS) ? lines : [progressLine(report)];
}

function say(lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
}
