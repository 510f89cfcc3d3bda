/**
 * What a run looks like on a terminal while it goes on: what it does now and how far it is, what it has found, and the
 * tables that a person looks for. It never has more lines or cells than the screen, however many tables there are.
 */
import { count, many, printable, type RunReport, type TableReport } from '@rowparity/contracts';
import type { TablesAsked } from '@rowparity/core';
import { foundCounts, placesOf } from '../reports/foundCounts.ts';
import { durationWords } from '../reports/timeWords.ts';
import { cutTo, fitTo, joinedParts, widest } from './cells.ts';
import type { Paint } from './paint.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

export interface RunView {
  readonly report: RunReport;
  /** While the servers are asked about each table. */
  readonly asked: TablesAsked | undefined;
  readonly screen: Screen;
  readonly paint: Paint;
}

/** A terminal that does not tell its size. */
export const USUAL_SCREEN: Screen = { columns: 80, rows: 24 };
/** Shown as long as there is room. */
const TABLES_MAX = 20;
const BAR_SHARE = 0.22;
const BAR_CELLS_MAX = 30;
const TABLE_BAR_CELLS = 10;
const NAME_SHARE = 0.3;
const NAME_CELLS_MIN = 12;
const PERCENT_CELLS = 5;

export function runPicture(view: RunView): string[] {
  const { report, screen, paint } = view;
  const { columns } = screen;
  const head = [
    paint('strong', joinedParts([`run ${report.runId}`, sidesOf(report)], columns)),
    stepLine(view),
    ...foundLines(report).map((line) => paint('bad', cutTo(line, columns))),
    ...waitingLines(report).map((line) => paint('unknown', cutTo(line, columns))),
  ];
  // The line below the picture is the cursor's.
  const room = Math.max(0, screen.rows - 1 - head.length);
  return [...head, ...tableLines(view, Math.min(room, TABLES_MAX + 2))].slice(
    0,
    Math.max(1, screen.rows - 1),
  );
}

function sidesOf({ direction }: RunReport): string {
  return `the ${placesOf(direction).trusted} is right`;
}

/** One line: the step, its bar, and as many numbers as there is room for. */
function stepLine(view: RunView): string {
  const { name, share, parts } = stepOf(view);
  const { columns } = view.screen;
  const bar = barOf(share, Math.min(BAR_CELLS_MAX, Math.floor(columns * BAR_SHARE)));
  return joinedParts([`${name} ${view.paint('good', bar)}`, ...parts], columns);
}

interface ShownStep {
  readonly name: string;
  readonly share: number;
  readonly parts: readonly string[];
}

function stepOf({ report, asked }: RunView): ShownStep {
  const { shards, state, paused } = report;
  const done = shards.match + shards.differs + shards.inconclusive;
  if (paused)
    return { name: 'paused', share: done / Math.max(1, shards.total), parts: comparedParts(report) };
  if (state === 'settled') return { name: 'settled', share: 1, parts: comparedParts(report) };
  if (asked && asked.done < asked.total && (asked.step === 'planning' || done === shards.total)) {
    const name = asked.step === 'planning' ? 'planning' : 'looking at the schemas again';
    const parts = [`${count(asked.done)} of ${count(asked.total)} tables`];
    return { name, share: asked.done / asked.total, parts };
  }
  if (shards.total === 0) return { name: 'planning', share: 0, parts: [] };
  if (done === shards.total) return { name: 'settling', share: 1, parts: comparedParts(report) };
  return { name: 'comparing', share: done / shards.total, parts: comparedParts(report) };
}

function comparedParts(report: RunReport): string[] {
  const { percent, etaMs, counts, shards, pending } = report;
  const done = shards.match + shards.differs + shards.inconclusive;
  const rows = counts.rowsBase + (done < shards.total ? pending.rows : 0);
  return [
    `${percent.toFixed(1)} %`,
    etaMs === null || etaMs === 0 ? '' : `${durationWords(etaMs)} left`,
    many(rows, 'row', 'rows'),
    report.rowsPerSecond > 0 ? `${count(rowsASecond(report))} rows/s` : '',
    `${count(done)} of ${count(shards.total)} shards`,
  ];
}

/** As everywhere on the terminal, a row counts once though it is read on both sides. */
export function rowsASecond({ rowsPerSecond, counts: { rowsBase, rowsTarget } }: RunReport): number {
  const share = rowsBase + rowsTarget === 0 ? 0 : rowsBase / (rowsBase + rowsTarget);
  return Math.round(rowsPerSecond * share);
}

function foundLines(report: RunReport): string[] {
  const { counts, shards } = report;
  const found = foundCounts({ ...counts, unstable: 0 }, placesOf(report.direction));
  return [
    ...(found === '' ? [] : [`✗ ${found}: this run will not be consistent`]),
    ...(shards.inconclusive > 0
      ? [
          `? ${many(shards.inconclusive, 'shard has', 'shards have')} no result: this run will not be consistent`,
        ]
      : []),
  ];
}

function waitingLines({ counts, pending, pauses }: RunReport): string[] {
  return [
    ...(pending.candidates > 0
      ? [
          `~ ${many(pending.candidates, 'row differs for now and is', 'rows differ for now and are')} looked at again`,
        ]
      : []),
    ...(counts.converged > 0
      ? [
          `~ ${many(counts.converged, 'row was on its way and has', 'rows were on their way and have')} arrived`,
        ]
      : []),
    ...(counts.unstable > 0 ? [`~ ${many(counts.unstable, 'row keeps', 'rows keep')} changing`] : []),
    ...pauses
      .filter(({ to }) => to === null)
      .map(({ host, reasons }) => printable(`~ paused: ${host} ${reasons[0]?.message ?? ''}`)),
  ];
}

/** In work first, then those that differ or have no result; the others are numbers. */
function tableLines({ report, screen, paint }: RunView, room: number): string[] {
  const { tables } = report;
  if (tables.length === 0 || room < 2) return [];
  const work = tables.filter(({ shards, outcome }) => outcome === null && shards.running > 0);
  const found = tables.filter(({ outcome }) => outcome !== null && outcome !== 'match');
  const lines = room - 1;
  // Half of the room at least is for what was found, and what one part does not need is for the other one.
  const workLines = Math.min(work.length, Math.max(Math.ceil(lines / 2), lines - found.length));
  const shownWork = work.slice(0, workLines);
  const shownFound = found.slice(0, Math.max(0, lines - shownWork.length));
  const shown = [...shownWork, ...shownFound];
  const names = shown.map(({ name }) => printable(name));
  const most = Math.max(NAME_CELLS_MIN, Math.floor(screen.columns * NAME_SHARE));
  const cells = Math.min(most, widest(names));
  return [
    ...shown.map((table, i) => {
      const line = tableLine(table, { report, columns: screen.columns, name: fitTo(names[i] ?? '', cells) });
      return table.outcome === null ? line : paint(table.outcome === 'differs' ? 'bad' : 'unknown', line);
    }),
    cutTo(sumLine(report, work.length + found.length - shown.length), screen.columns),
  ];
}

interface LineInput {
  readonly report: RunReport;
  readonly columns: number;
  readonly name: string;
}

function tableLine({ shards, counts, refusal, outcome }: TableReport, input: LineInput): string {
  const { match, differs, inconclusive, total } = shards;
  const share = total === 0 ? 0 : (match + differs + inconclusive) / total;
  const found = foundCounts(counts, placesOf(input.report.direction));
  const state = refusal ? `refused: ${refusal.code}` : found === '' && outcome !== null ? outcome : found;
  const percent = `${Math.floor(share * 100)} %`.padStart(PERCENT_CELLS);
  const isWide = input.columns >= USUAL_SCREEN.columns;
  const progress = isWide ? `${barOf(share, TABLE_BAR_CELLS)} ${percent}` : percent;
  // What was found says more than the number of rows.
  const rest = [state, many(counts.rowsBase, 'row', 'rows')];
  return joinedParts([`${input.name} ${progress}`, ...rest], input.columns);
}

function sumLine({ tables }: RunReport, hidden: number): string {
  const match = tables.filter(({ outcome }) => outcome === 'match').length;
  const left = tables.filter(({ outcome, shards }) => outcome === null && shards.running === 0).length;
  return [
    ...(hidden > 0 ? [`and ${count(hidden)} more`] : []),
    `${count(match)} of ${count(tables.length)} tables match`,
    ...(left > 0 ? [`${count(left)} not begun`] : []),
  ].join('; ');
}

function barOf(share: number, cells: number): string {
  const full = Math.floor(Math.min(1, share) * cells);
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)}`;
}
