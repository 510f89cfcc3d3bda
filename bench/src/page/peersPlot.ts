/** How many times as long as Rowparity each tool takes, a row a table, a panel a kind of server. */
import { isMissing } from '../peers/peer.ts';
import type { PeersResult } from '../peers/peersResult.ts';
import { median } from '../shared/timing.ts';
import { dot, line, type Place, SERIES, type Series, svg, text } from './svg.ts';

const NAMES_WIDTH = 220;
const PANEL_WIDTH = 330;
const GAP = 36;
const TOP = 70;
const ROW_HEIGHT = 30;
const TICKS = [0.3, 1, 3, 10, 30, 100] as const;
/** The goal: three times as fast. */
const GOAL = 3;

export interface PeersPanel {
  readonly name: string;
  readonly result: PeersResult;
}

export function peersPlot(panels: readonly PeersPanel[]): string {
  const tables = panels[0]?.result.timings.map(({ table }) => table) ?? [];
  const names = [...new Set(panels.flatMap(({ result }) => toolsOf(result)))];
  const seriesOf = (name: string) => SERIES[names.indexOf(name) % SERIES.length] as Series;
  const width = NAMES_WIDTH + panels.length * (PANEL_WIDTH + GAP);
  const height = TOP + tables.length * ROW_HEIGHT + 40;
  const parts = [
    ...legend(names, seriesOf),
    ...tables.map((table, i) => text({ x: NAMES_WIDTH - 12, y: rowY(i) + 4 }, table, { anchor: 'end' })),
    ...panels.flatMap((panel, i) =>
      panelOf(panel, { left: NAMES_WIDTH + i * (PANEL_WIDTH + GAP), tables, seriesOf }),
    ),
  ];
  const title = 'Time of each tool against that of rowparity check, equal tables; right of 1 it is slower';
  return svg({ width, height, title }, parts);
}

/** Without Rowparity itself, which is 1. */
function toolsOf({ peers }: PeersResult): readonly string[] {
  return peers
    .filter((peer) => !isMissing(peer))
    .map(({ name }) => name)
    .slice(1);
}

function legend(names: readonly string[], seriesOf: (name: string) => Series): string[] {
  return names.flatMap((name, i) => {
    const x = NAMES_WIDTH + i * 140;
    return [dot({ x, y: 14 }, seriesOf(name)), text({ x: x + 12, y: 18 }, name)];
  });
}

interface PanelPlace {
  readonly left: number;
  readonly tables: readonly string[];
  readonly seriesOf: (name: string) => Series;
}

function panelOf({ name, result }: PeersPanel, { left, tables, seriesOf }: PanelPlace): string[] {
  const bottom = rowY(tables.length - 1) + ROW_HEIGHT / 2;
  const [first = '', ...tools] = [result.peers[0]?.name, ...toolsOf(result)].map(String);
  const parts = [text({ x: left + PANEL_WIDTH / 2, y: 46 }, name, { anchor: 'middle' })];
  for (const tick of TICKS) {
    const x = left + xOf(tick);
    const style = tick === 1 || tick === GOAL ? 'mark' : 'grid';
    parts.push(line({ x, y: TOP - 12 }, { x, y: bottom }, style));
    parts.push(text({ x, y: bottom + 18 }, `${tick}×`, { anchor: 'middle', isFaint: true }));
  }
  for (const [i, { timings }] of result.timings.entries()) {
    const secondsOf = (tool: string) => {
      const timing = timings.find((one) => one.name === tool);
      return timing && !timing.failure ? median(timing.seconds) : Number.NaN;
    };
    for (const tool of tools) {
      const ratio = secondsOf(tool) / secondsOf(first);
      if (Number.isFinite(ratio)) parts.push(dot(placeOf(ratio, { left, row: i }), seriesOf(tool)));
    }
  }
  return parts;
}

function placeOf(ratio: number, { left, row }: { readonly left: number; readonly row: number }): Place {
  return { x: left + xOf(ratio), y: rowY(row) };
}

/** By the logarithm; beyond the last tick, at its place. */
function xOf(ratio: number): number {
  const [from, to] = [TICKS[0], TICKS[TICKS.length - 1] as number].map(Math.log) as [number, number];
  const bounded = Math.min(Math.max(ratio, TICKS[0]), TICKS[TICKS.length - 1] as number);
  return 12 + ((Math.log(bounded) - from) / (to - from)) * (PANEL_WIDTH - 24);
}

function rowY(row: number): number {
  return TOP + row * ROW_HEIGHT;
}
