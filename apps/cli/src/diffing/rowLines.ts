/** A row of both sides, now, as lines for a terminal: only the columns that differ, one side below the other. */
import { type ComparedColumn, causeWords, printable, type TablePlan } from '@rowparity/contracts';
import { type ColumnDifference, SIDES, type Side, type Sides, type TypedValue } from '@rowparity/core';

/** Characters of a value that are shown; of a longer one, those around the first difference. */
const SHOWN_MAX = 72;
/** Of them, those in front of the first difference. */
const BEFORE_MAX = 24;

export type SidePlaces = Readonly<Record<Side, 'source' | 'destination'>>;

export interface ShownRow {
  readonly table: string;
  readonly key: string;
  readonly plan: TablePlan;
  /** Undefined where there is no row now. */
  readonly typed: Sides<readonly (TypedValue | null)[] | undefined>;
  readonly differences: readonly ColumnDifference[];
  readonly places: SidePlaces;
}

export function rowLines(row: ShownRow): string[] {
  const { table, key, typed, differences, places } = row;
  const head = `${printable(table)}  ${printable(key)}`;
  const missing = SIDES.filter((side) => !typed[side]);
  if (missing.length === 2) return [`${head}  on neither side by now`];
  const [lacking] = missing;
  if (lacking) return [`${head}  ${onlyWords(places, lacking)}`, ...presentLines(row, lacking)];
  if (differences.length === 0) return [`${head}  equal by now`];
  return [`${head}  differs`, ...differences.flatMap((difference) => columnLines(row, difference))];
}

function onlyWords(places: SidePlaces, lacking: Side): string {
  return places[lacking] === 'destination' ? 'missing on destination' : 'only on destination';
}

/** The row of the side that has it. */
function presentLines({ plan, typed }: ShownRow, lacking: Side): string[] {
  const side = lacking === 'base' ? 'target' : 'base';
  return plan.columns.map((column, i) => `  ${nameOf(column)}  ${shown(typed[side]?.[i] ?? null)}`);
}

function columnLines({ plan, typed, places }: ShownRow, { column, cause }: ColumnDifference): string[] {
  const pair = { base: typed.base?.[column] ?? null, target: typed.target?.[column] ?? null };
  const first = firstDifference(pair);
  const lines = [...SIDES]
    .sort((a, b) => Number(places[b] === 'source') - Number(places[a] === 'source'))
    .map((side) => `    ${places[side].padEnd('destination'.length)}  ${shown(pair[side], first)}`);
  const words = cause.code === 'other' ? [] : [causeWords(cause)];
  const isCut = SIDES.some((side) => (pair[side]?.text.length ?? 0) > SHOWN_MAX);
  const place = isCut && first !== undefined ? [`first difference at character ${first + 1}`] : [];
  const why = [...words, ...place].join('; ');
  return [`  ${nameOf(plan.columns[column])}${why ? `  (${why})` : ''}`, ...lines];
}

function nameOf(column: ComparedColumn | undefined): string {
  return printable(column?.names.base ?? '');
}

/** In characters of UTF-16; undefined where a side is NULL. */
function firstDifference({ base, target }: Sides<TypedValue | null>): number | undefined {
  if (!base || !target) return undefined;
  const [a, b] = [base.text, target.text];
  let place = 0;
  while (place < a.length && a[place] === b[place]) place += 1;
  return place;
}

function shown(value: TypedValue | null, first = 0): string {
  if (value === null) return 'NULL';
  const isPlain = value.kind === 'number' || value.kind === 'float';
  const quote = isPlain ? '' : value.kind === 'bytes' ? '' : "'";
  const prefix = value.kind === 'bytes' ? '0x' : quote;
  if (value.text.length <= SHOWN_MAX) return `${prefix}${printable(value.text)}${quote}`;
  const start = Math.max(0, Math.min(first - BEFORE_MAX, value.text.length - SHOWN_MAX));
  const part = printable(value.text.slice(start, start + SHOWN_MAX));
  const isEnd = start + SHOWN_MAX >= value.text.length;
  return `${start === 0 ? prefix : '…'}${part}${isEnd ? quote : `… (${value.text.length} characters)`}`;
}
