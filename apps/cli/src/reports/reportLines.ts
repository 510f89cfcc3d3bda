/** A report as lines for a person: a bar for each table pair, the sums, the failures, and the details. */
import { confirmedOf, printable, type RunReport, type TableReport } from '@rowparity/contracts';
import { settledLines, unstableLines } from './reportDetails.ts';

const BAR_CELLS = 20;
const NAME_CELLS_MAX = 28;
const FAILURES_SHOWN = 10;
/** For a terminal without a known width. */
const WIDTH = 120;

/** No character of a name, a predicate or a server's words breaks a line or moves the cursor. */
export function reportLines(report: RunReport): string[] {
  return linesOf(report).map((line) => printable(line));
}

function linesOf(report: RunReport): string[] {
  const lengths = report.tables.map(({ name }) => printable(name).length);
  const nameCells = Math.min(
    NAME_CELLS_MAX,
    lengths.reduce((most, length) => Math.max(most, length), 5),
  );
  return [
    `run ${report.runId}  ${report.direction}  ${standing(report)}`,
    ...report.tables.map((table) => tableLine(table, nameCells)),
    sumLine(report),
    ...failureLines(report),
    ...unstableLines(report),
    ...(report.state === 'settled' ? settledLines(report) : []),
    ...pausesNow(report).map((text) => `paused: ${text}`),
    ...report.notes.map(({ message }) => `note: ${message}`),
  ];
}

function standing({ verdict, paused, state }: RunReport): string {
  return verdict ?? (paused ? `${state}, paused` : state);
}

/** Each line of a picture that is drawn over must stay one line of the terminal. */
export function cutToWidth(lines: readonly string[], width = WIDTH): string[] {
  return lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
}

/** One line for a log. */
export function progressLine(report: RunReport): string {
  const paused = pausesNow(report).map((text) => `  paused: ${text}`);
  return printable(`${report.runId} ${standing(report)} ${sumLine(report)}${paused.join('')}`);
}

function tableLine(table: TableReport, nameCells: number): string {
  const { match, differs, inconclusive, total } = table.shards;
  const share = total === 0 ? 0 : (match + differs + inconclusive) / total;
  const whole = printable(table.name);
  const name = whole.length > nameCells ? `${whole.slice(0, nameCells - 1)}…` : whole.padEnd(nameCells);
  const state = table.refusal ? `refused: ${table.refusal.code}` : (table.outcome ?? '');
  const { targetMissing, neq, baseMissing, rowsBase } = table.counts;
  const found = `missing ${count(targetMissing)}  neq ${count(neq)}  extra ${count(baseMissing)}`;
  return `${name} ${bar(share)} ${percent(share)} ${count(rowsBase).padStart(13)} rows  ${found}  ${state}`.trimEnd();
}

function sumLine(report: RunReport): string {
  const { counts, pending, shards } = report;
  const eta =
    report.state === 'settled'
      ? `took ${duration(report.elapsedMs)}`
      : `left ${report.etaMs === null ? '?' : duration(report.etaMs)}`;
  const done = shards.match + shards.differs + shards.inconclusive;
  return [
    `${report.percent.toFixed(1)} %`,
    `${count(done)}/${count(shards.total)} shards`,
    `${count(counts.rowsBase + counts.rowsTarget)} rows`,
    `${count(report.rowsPerSecond)} rows/s`,
    eta,
    `${count(confirmedOf(counts))} inconsistencies`,
    ...(counts.candidates > 0
      ? [
          `of ${count(counts.candidates)} candidates ${count(counts.converged)} converged and ${count(counts.unstable)} unstable`,
        ]
      : []),
    ...(pending.candidates > 0
      ? [`${count(pending.rows)} rows read, ${count(pending.candidates)} candidates looked at again`]
      : []),
    ...(counts.planted > 0 ? [`self-test ${count(counts.caught)}/${count(counts.planted)}`] : []),
    ...(shards.inconclusive > 0 ? [`${count(shards.inconclusive)} shards inconclusive`] : []),
  ].join('  ');
}

/** By server, with its first reason. */
function pausesNow({ pauses }: RunReport): string[] {
  return pauses
    .filter(({ to }) => to === null)
    .map(({ host, reasons }) => `${host} ${reasons[0]?.message ?? ''}`);
}

function failureLines({ failures, failuresTotal }: RunReport): string[] {
  const shown = failures.slice(0, FAILURES_SHOWN).map(({ code, message, table, shard }) => {
    const place = [table, shard === undefined ? undefined : `shard ${shard}`].filter(Boolean).join(' ');
    return `! ${code}${place ? ` ${place}` : ''}: ${message}`;
  });
  const more = failuresTotal - shown.length;
  return more > 0 ? [...shown, `! and ${count(more)} more`] : shown;
}

function bar(share: number): string {
  const full = Math.floor(share * BAR_CELLS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`;
}

function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${(ms / 1000).toFixed(1)} s`;
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
