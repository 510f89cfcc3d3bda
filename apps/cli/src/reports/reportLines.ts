/** A report as lines for a person: a bar for each table pair, the sums, the failures, and the details. */
import { confirmedOf, printable, type RunReport, type TableReport } from '@rowparity/contracts';
import { settledLines, unstableLines } from './reportDetails.ts';

const BAR_CELLS = 20;
const NAME_CELLS_MAX = 28;
const CODES_SHOWN = 10;
const FAILURES_A_CODE = 3;
/** Up to so many tables each has its line; of more, those that a person looks for. */
const TABLES_LISTED = 20;
/** For a terminal without a known width. */
const WIDTH = 120;

/** No character of a name, a predicate or a server's words breaks a line or moves the cursor. */
export function reportLines(report: RunReport): string[] {
  return linesOf(report).map((line) => printable(line));
}

function linesOf(report: RunReport): string[] {
  return [
    `run ${report.runId}  ${report.direction}  ${standing(report)}`,
    ...tableLines(report),
    sumLine(report),
    ...knownLines(report),
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

/** Of many tables: those that differ or have no proof, and while the run is open those in work; the rest as numbers. */
function tableLines({ tables, state }: RunReport): string[] {
  if (tables.length <= TABLES_LISTED) return aligned(tables);
  const isOver = state === 'settled';
  const wanted = tables.filter(
    ({ outcome, shards }) => (outcome !== null && outcome !== 'match') || (!isOver && shards.running > 0),
  );
  const shown = wanted.slice(0, TABLES_LISTED);
  const left = wanted.length - shown.length;
  const equal = tables.filter(({ outcome }) => outcome === 'match');
  const rows = equal.reduce((sum, table) => sum + table.counts.rowsBase, 0);
  const open = tables.length - equal.length - wanted.length;
  return [
    ...aligned(shown),
    ...(left > 0
      ? [
          `and ${count(left)} more tables that ${isOver ? 'differ or have no proof' : 'differ, have no proof, or are in work'}`,
        ]
      : []),
    `${count(equal.length)} of ${count(tables.length)} tables match, with ${count(rows)} rows${open > 0 ? `; ${count(open)} are left` : ''}`,
  ];
}

function aligned(tables: readonly TableReport[]): string[] {
  const lengths = tables.map(({ name }) => printable(name).length);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 5);
  return tables.map((table) => tableLine(table, Math.min(NAME_CELLS_MAX, longest)));
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

/** What became of the known differences of the run that this one follows. */
function knownLines({ follows, counts }: RunReport): string[] {
  if (follows === null) return [];
  const { knownResolved, knownStill, knownUnstable, knownHidden, knownNew } = counts;
  const told = [
    `${count(knownResolved)} resolved`,
    `${count(knownStill)} still different`,
    ...(knownUnstable > 0 ? [`${count(knownUnstable)} unstable`] : []),
    ...(knownHidden > 0 ? [`${count(knownHidden)} that cannot be told`] : []),
    ...(knownNew > 0 ? [`${count(knownNew)} new`] : []),
  ];
  return [`known differences of run ${follows}: ${told.join(', ')}`];
}

/** By server, with its first reason. */
function pausesNow({ pauses }: RunReport): string[] {
  return pauses
    .filter(({ to }) => to === null)
    .map(({ host, reasons }) => `${host} ${reasons[0]?.message ?? ''}`);
}

/** A few of each code, and how many more there are of it. */
function failureLines({ failures, failuresTotal }: RunReport): string[] {
  const groups = [...Map.groupBy(failures, ({ code }) => code)].slice(0, CODES_SHOWN);
  const shown = groups.flatMap(([code, all]) => {
    const more = all.length - FAILURES_A_CODE;
    const lines = all.slice(0, FAILURES_A_CODE).map(failureLine);
    return more > 0 ? [...lines, `! and ${count(more)} more ${code}`] : lines;
  });
  const more = failuresTotal - groups.reduce((sum, [, { length }]) => sum + length, 0);
  return more > 0 ? [...shown, `! and ${count(more)} more`] : shown;
}

function failureLine({ code, message, table, shard }: RunReport['failures'][number]): string {
  const place = [table, shard === undefined ? undefined : `shard ${shard}`].filter(Boolean).join(' ');
  return `! ${code}${place ? ` ${place}` : ''}: ${message}`;
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
