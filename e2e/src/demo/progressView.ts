// Live progress of a run: on a terminal a bar a table, drawn anew in place; elsewhere a line every few seconds.

import { confirmedOf, type RunReport, type ShardTally, type TableReport } from '@rowparity/contracts';

export interface ProgressView {
  show(report: RunReport): void;
  /** A line that stays above what is drawn. */
  note(line: string): void;
}

const LINE_EVERY_MS = 2000;
const BAR_WIDTH = 30;
const UP_AND_CLEAR = '\x1b[1A\x1b[2K';

export function progressView(out: NodeJS.WriteStream): ProgressView {
  return out.isTTY ? drawnView(out) : linesView(out);
}

function drawnView(out: NodeJS.WriteStream): ProgressView {
  let drawn: readonly string[] = [];
  const draw = (lines: readonly string[], above = '') => {
    // A line that the terminal wraps would be two to clear.
    const whole = lines.map((line) => `${line.slice(0, out.columns - 1)}\n`);
    out.write(`${UP_AND_CLEAR.repeat(drawn.length)}${above}${whole.join('')}`);
    drawn = lines;
  };
  return {
    show: (report) => draw([...report.tables.map(barLine), summaryLine(report)]),
    note: (line) => draw(drawn, `  ${line}\n`),
  };
}

function linesView(out: NodeJS.WriteStream): ProgressView {
  let shownAtMs = Number.NEGATIVE_INFINITY;
  return {
    show(report) {
      const now = performance.now();
      if (report.state !== 'settled' && now - shownAtMs < LINE_EVERY_MS) return;
      shownAtMs = now;
      out.write(`${summaryLine(report)}\n`);
    },
    note: (line) => void out.write(`  ${line}\n`),
  };
}

function barLine({ name, shards, counts }: TableReport): string {
  const part = shards.total === 0 ? 0 : doneOf(shards) / shards.total;
  const filled = Math.round(part * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const rows = counts.rowsBase.toLocaleString('en').padStart(11);
  return `  ${name.padEnd(14).slice(0, 24)} ${bar} ${percentText(part * 100)}  ${rows} rows  ${confirmedOf(counts)} found`;
}

function summaryLine({ state, percent, shards, rowsPerSecond, counts, etaMs }: RunReport): string {
  const eta = etaMs ? `, ${(etaMs / 1000).toFixed(0)} s left` : '';
  const speed = Math.round(rowsPerSecond).toLocaleString('en');
  const found = `${counts.targetMissing} target_missing, ${counts.neq} neq, ${counts.baseMissing} base_missing`;
  return `  ${state} ${percentText(percent)}  ${doneOf(shards)}/${shards.total} shards  ${speed} rows/s  ${found}${eta}`;
}

function doneOf({ match, differs, inconclusive }: ShardTally): number {
  return match + differs + inconclusive;
}

function percentText(percent: number): string {
  return `${Math.floor(percent)} %`.padStart(5);
}
