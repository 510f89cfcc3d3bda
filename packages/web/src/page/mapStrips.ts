/** The map of shards as strips of cells, a strip a table, and what it says in words. Pure. */
import type { MapCell, MarkState, ShardMap } from '@rowparity/contracts';
import { count, many } from '@rowparity/contracts/words/numberWords';

/** In the order of the numbers of a cell. */
const STATES: readonly MarkState[] = ['match', 'differs', 'inconclusive', 'running', 'planned'];
/** A cell shows the state that a person must see first. */
const URGENCY: readonly MarkState[] = ['differs', 'inconclusive', 'running', 'planned', 'match'];

export const MAP_WORDS: Readonly<Record<MarkState, string>> = {
  match: 'match',
  differs: 'differ',
  inconclusive: 'no proof',
  running: 'in work',
  planned: 'waiting',
};

export interface Strip {
  readonly name: string;
  readonly cells: readonly MapCell[];
  readonly sums: MapCell;
}

export interface MapStrips {
  readonly sums: MapCell;
  /** Tables with something else than matches first. */
  readonly shown: readonly Strip[];
  /** The rest, in one strip: a cell is a table. */
  readonly rest: Strip | undefined;
}

/** More strips than a screen has lines are one strip. */
const STRIPS_MAX = 12;

export function stripsOf({ tables }: ShardMap): MapStrips {
  const strips = tables
    .filter(({ cells }) => cells.length > 0)
    .map(({ name, cells }): Strip => ({ name, cells, sums: sumOf(cells) }))
    .toSorted((a, b) => need(b.sums) - need(a.sums));
  // A cell that matches or waits needs no line of its own.
  const isPlain = (sums: MapCell) => ['match', 'planned'].includes(urgentState(sums));
  const own = strips.filter(({ cells, sums }) => cells.length > 1 || !isPlain(sums));
  const shown = own.slice(0, STRIPS_MAX);
  const rest = strips.filter((strip) => !shown.includes(strip));
  const cells = rest.map(({ sums }) => sums);
  return {
    sums: sumOf(strips.map(({ sums }) => sums)),
    shown,
    rest:
      rest.length === 0
        ? undefined
        : { name: restName(rest.length, shown.length), cells, sums: sumOf(cells) },
  };
}

function restName(rest: number, shown: number): string {
  return shown === 0 ? many(rest, 'table', 'tables') : many(rest, 'other table', 'other tables');
}

function sumOf(cells: readonly MapCell[]): MapCell {
  const sums: MapCell = [0, 0, 0, 0, 0];
  for (const cell of cells) for (const i of STATES.keys()) sums[i] = (sums[i] ?? 0) + (cell[i] ?? 0);
  return sums;
}

/** Tables with differences, then without proof, then in work, then waiting, then done. */
function need(sums: MapCell): number {
  return 1 - URGENCY.findIndex((state) => numberOf(sums, state) > 0) / 10;
}

export function numberOf(cell: MapCell, state: MarkState): number {
  return cell[STATES.indexOf(state)] ?? 0;
}

export function urgentState(cell: MapCell): MarkState {
  return URGENCY.find((state) => numberOf(cell, state) > 0) ?? 'planned';
}

/** `38 match, 2 differ` */
export function cellWords(cell: MapCell): string {
  return STATES.filter((state) => numberOf(cell, state) > 0)
    .map((state) => `${count(numberOf(cell, state))} ${MAP_WORDS[state]}`)
    .join(', ');
}

export function stripWords({ name, sums, cells }: Strip): string {
  const total = sums.reduce((sum, number) => sum + number, 0);
  const places = cells.flatMap((cell, i) =>
    numberOf(cell, 'differs') > 0 ? [`${Math.floor((100 * i) / cells.length)} %`] : [],
  );
  const where =
    places.length > 0 && places.length <= 10 ? `; differences begin at ${places.join(', ')} of the keys` : '';
  return `${name}: ${many(total, 'shard', 'shards')}, ${cellWords(sums)}${where}`;
}
