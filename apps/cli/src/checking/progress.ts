/**
 * Progress of a check on standard error: a picture on a terminal, a line every few seconds elsewhere, and nothing with
 * --quiet.
 */
import { printable, type RunReport } from '@rowparity/contracts';
import type { TablesAsked } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { type LiveView, liveView } from '../terminal/liveView.ts';
import { painted, unpainted } from '../terminal/paint.ts';
import { progressLine } from '../terminal/progressLine.ts';
import { runEnding } from '../terminal/runEnding.ts';
import { runPicture } from '../terminal/runPicture.ts';
import { inCommandWords } from './commandWords.ts';

const REDRAW_MS = 250;
const LINE_MS = 5000;
/** A report of thousands of tables takes its time, which comparing needs: at most a tenth of it goes into looking. */
const PAUSE_OF_LOOK = 9;

export interface Progress {
  /** Where a step that asks about each table is. */
  onAsked(asked: TablesAsked): void;
  /** A line that stays, in a picture as in a log. */
  say(line: string): void;
  /** Shows each row that is found, where there is a picture to show it in. */
  readonly sayFound: ((line: string) => void) | undefined;
  /** Shows the end of the run, and no more after it. */
  end(report: RunReport, next: readonly string[]): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly isQuiet: boolean;
  /** This process compared all of it: then a consistent run needs no summary. */
  readonly isFresh: boolean;
  readonly isEventsOnTerminal: boolean;
}

export function showProgress(
  read: () => Promise<RunReport | undefined>,
  { isQuiet, isFresh, isEventsOnTerminal }: ProgressOptions,
): Progress {
  const { stderr } = process;
  // Events between two pictures would break the display.
  const isTerminal = stderr.isTTY === true && !isEventsOnTerminal;
  const view = isTerminal && !isQuiet ? liveView(stderr) : undefined;
  let asked: TablesAsked | undefined;
  const show = (report: RunReport) => {
    if (view) view.draw(runPicture({ report, asked, screen: view.screen, paint: painted(stderr) }));
    else write([progressLine(report)]);
  };
  // A ledger that cannot be read stops the work itself, with its reason.
  const look = () =>
    read().then(
      (report) => report && !isStopped && show(report),
      () => undefined,
    );
  let isStopped = false;
  const pauseMs = isTerminal ? REDRAW_MS : LINE_MS;
  let timer: NodeJS.Timeout | undefined;
  const lookIn = (ms: number) => {
    timer = setTimeout(async () => {
      const begin = systemClock.steadyNow();
      await look();
      if (!isStopped) lookIn(Math.max(pauseMs, PAUSE_OF_LOOK * (systemClock.steadyNow() - begin)));
    }, ms);
  };
  if (!isQuiet) lookIn(pauseMs);
  const stop = () => {
    if (isStopped) return;
    isStopped = true;
    clearTimeout(timer);
    view?.clear();
  };
  return {
    stop,
    onAsked: (now) => {
      asked = now;
    },
    say: (line) => sayIn(view, line),
    sayFound: view && ((line) => view.say(line)),
    end(report, next) {
      stop();
      if (isQuiet && isSilent(report, isFresh)) return;
      const paint = stderr.isTTY === true ? painted(stderr) : unpainted;
      write(runEnding({ report: inCommandWords(report), paint, next: isQuiet ? [] : next }));
    },
  };
}

function isSilent({ counts: { rowsBase, rowsTarget }, verdict }: RunReport, isFresh: boolean): boolean {
  return verdict === 'consistent' && isFresh && rowsBase + rowsTarget > 0;
}

function sayIn(view: LiveView | undefined, line: string): void {
  if (view) view.say(printable(line));
  else write([printable(line)]);
}

function write(lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
}
