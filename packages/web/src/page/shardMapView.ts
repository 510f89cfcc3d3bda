/**
 * The map of all shards. A strip is a table, a cell some shards that are neighbours by their keys. State is told by
 * colour and by height; a strip can be walked with the arrow keys, and says what it holds.
 */
import type { MapCell, MarkState, ShardMap } from '@rowparity/contracts';
import { count, many } from '@rowparity/contracts/words/numberWords';
import { Component, type ComponentChild, h } from 'preact';
import { section } from './frame.ts';
import {
  cellWords,
  MAP_WORDS,
  numberOf,
  type Strip,
  stripsOf,
  stripWords,
  urgentState,
} from './mapStrips.ts';

export interface ShardMapInput {
  readonly map: ShardMap;
}

interface Cursor {
  readonly strip: string;
  readonly cell: number;
}

interface MapState {
  readonly cursor: Cursor | undefined;
}

const COLUMNS = 120;
/** Between two of 120 cells, in cells. */
const GAP = 0.14;
const SHOWN: readonly MarkState[] = ['differs', 'inconclusive', 'running', 'planned', 'match'];
/** Of a line of one: what is urgent is high. */
const HEIGHTS: Readonly<Record<MarkState, number>> = {
  differs: 0.96,
  inconclusive: 0.8,
  running: 0.5,
  planned: 0.16,
  match: 0.66,
};
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: COLUMNS,
  ArrowUp: -COLUMNS,
};

export class ShardMapView extends Component<ShardMapInput, MapState> {
  override state: MapState = { cursor: undefined };

  override shouldComponentUpdate({ map }: ShardMapInput, { cursor }: MapState): boolean {
    return map !== this.props.map || cursor !== this.state.cursor;
  }

  override render({ map }: ShardMapInput, { cursor }: MapState) {
    const { sums, shown, rest } = stripsOf(map);
    const strips = [...shown, ...(rest ? [rest] : [])];
    if (strips.length === 0) return null;
    const pointed = cursor && strips.find(({ name }) => name === cursor.strip);
    return section(
      'All shards, in the order of their keys',
      h('div', { class: 'map' }, [
        legend(sums),
        h(
          'div',
          { class: 'strips' },
          strips.map((strip) => this.#strip(strip, cursor)),
        ),
        h('p', { class: 'quiet readout', 'aria-live': 'polite' }, readout(pointed, cursor)),
      ]),
      h('p', { class: 'quiet' }, many(map.shards, 'shard', 'shards')),
    );
  }

  #strip(strip: Strip, cursor: Cursor | undefined): ComponentChild {
    const { name, cells } = strip;
    const columns = Math.min(COLUMNS, cells.length);
    const lines = Math.ceil(cells.length / columns);
    const point = (cell: number) =>
      this.setState({ cursor: { strip: name, cell: Math.max(0, Math.min(cells.length - 1, cell)) } });
    const onKeyDown = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (step === undefined) return;
      event.preventDefault();
      point(cursor?.strip === name ? cursor.cell + step : 0);
    };
    const onPointerMove = (event: PointerEvent) => {
      const box = (event.currentTarget as SVGElement).getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
      const line = Math.floor(((event.clientY - box.top) / box.height) * lines);
      point(line * columns + column);
    };
    const pointed = cursor?.strip === name ? cursor.cell : undefined;
    return h('div', { class: 'strip', key: name }, [
      h('span', { class: 'strip-name', title: name }, name),
      h(
        'svg',
        {
          ...{ role: 'img', tabindex: 0, 'aria-label': stripWords(strip), onKeyDown, onPointerMove },
          ...{
            viewBox: `0 0 ${columns} ${lines}`,
            preserveAspectRatio: 'none',
            class: `lines-${Math.min(lines, 12)}`,
          },
        },
        cells.map((cell, i) =>
          cellRect(cell, {
            x: i % columns,
            y: Math.floor(i / columns),
            isAt: i === pointed,
            gap: (GAP * columns) / COLUMNS,
          }),
        ),
      ),
    ]);
  }
}

interface CellPlace {
  readonly x: number;
  readonly y: number;
  readonly isAt: boolean;
  /** Between two cells, in cells. */
  readonly gap: number;
}

function cellRect(cell: MapCell, { x, y, isAt, gap }: CellPlace): ComponentChild {
  const state = urgentState(cell);
  const height = HEIGHTS[state];
  return h('rect', {
    ...{ class: isAt ? `${state} at` : state, x: x + gap / 2, width: 1 - gap },
    ...{ y: y + 0.98 - height, height },
  });
}

function legend(sums: MapCell): ComponentChild {
  const items = SHOWN.filter((state) => numberOf(sums, state) > 0).map((state) =>
    h('li', null, [
      h(
        'svg',
        { class: 'swatch', viewBox: '0 0 1 1', 'aria-hidden': 'true' },
        cellRect(oneOf(state), { x: 0, y: 0, isAt: false, gap: 0 }),
      ),
      `${count(numberOf(sums, state))} ${MAP_WORDS[state]}`,
    ]),
  );
  return h('ul', { class: 'legend' }, items);
}

function oneOf(state: MarkState): MapCell {
  const one = (other: MarkState) => (other === state ? 1 : 0);
  return [one('match'), one('differs'), one('inconclusive'), one('running'), one('planned')];
}

function readout(strip: Strip | undefined, cursor: Cursor | undefined): string {
  const cell = strip?.cells[cursor?.cell ?? 0];
  if (!strip || !cell || !cursor) return 'Point at a cell, or walk through a strip with the arrow keys.';
  return `${strip.name}, part ${count(cursor.cell + 1)} of ${count(strip.cells.length)}: ${cellWords(cell)}`;
}
