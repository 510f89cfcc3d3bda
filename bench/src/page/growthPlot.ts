/** What a comparison costs as a table grows: seconds for each kind of server, and the most memory of the process. */
import type { GrowthResult } from '../growth/growthResult.ts';
import { dot, line, type Place, path, SERIES, type Series, svg, text } from './svg.ts';

const PANEL = { width: 250, height: 210, left: 62, top: 58, gap: 62 } as const;
const CHECK = SERIES[0];
const LIMIT = SERIES[1];
const MEMORY_GOAL_MIB = 200;
const MILLION = 1_000_000;

export interface GrowthPanel {
  readonly name: string;
  readonly result: GrowthResult;
}

interface Curve {
  readonly series: Series;
  readonly label: string;
  readonly points: readonly { readonly rows: number; readonly value: number }[];
}

export function growthPlot(panels: readonly GrowthPanel[]): string {
  const times = panels.map(({ name, result }) => ({ title: `${name}: seconds`, curves: timeCurves(result) }));
  const memory = {
    title: 'peak memory of the process, MiB',
    curves: panels.map(({ name, result }, i) => memoryCurve(result, name, SERIES[i + 2] as Series)),
    goal: MEMORY_GOAL_MIB,
  };
  const all = [...times, memory];
  const width = PANEL.left + all.length * (PANEL.width + PANEL.gap);
  const title = 'Comparing a table of five columns that grows: time against the limit, and memory';
  return svg(
    { width, height: PANEL.top + PANEL.height + 44, title },
    all.flatMap((panel, i) => panelOf(panel, PANEL.left + i * (PANEL.width + PANEL.gap))),
  );
}

function timeCurves({ sizes }: GrowthResult): readonly Curve[] {
  return [
    {
      ...{ series: CHECK, label: 'check' },
      points: sizes.map(({ rows, checks }) => ({
        rows,
        value: Math.min(...checks.map(({ seconds }) => seconds)),
      })),
    },
    {
      ...{ series: LIMIT, label: 'reading alone' },
      points: sizes.map(({ rows, limitSeconds }) => ({ rows, value: Math.min(...limitSeconds) })),
    },
  ];
}

function memoryCurve({ sizes }: GrowthResult, label: string, series: Series): Curve {
  const points = sizes.map(({ rows, checks }) => ({
    rows,
    value: Math.max(...checks.map(({ peakMiB }) => peakMiB)),
  }));
  return { series, label, points };
}

interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly goal?: number;
}

function panelOf({ title, curves, goal }: Panel, left: number): string[] {
  const values = curves.flatMap(({ points }) => points.map(({ value }) => value));
  const rows = curves.flatMap(({ points }) => points.map((point) => point.rows));
  const top = niceTop(Math.max(...values, goal ?? 0));
  const end = Math.max(...rows);
  const place = (point: { readonly rows: number; readonly value: number }): Place => ({
    x: left + (point.rows / end) * PANEL.width,
    y: PANEL.top + PANEL.height - (point.value / top) * PANEL.height,
  });
  const parts = [text({ x: left, y: 18 }, title)];
  for (const share of [0, 0.5, 1]) {
    const { y } = place({ rows: 0, value: share * top });
    parts.push(line({ x: left, y }, { x: left + PANEL.width, y }));
    parts.push(text({ x: left - 8, y: y + 4 }, String(share * top), { anchor: 'end', isFaint: true }));
  }
  for (const share of [0, 0.5, 1]) {
    const x = left + share * PANEL.width;
    const label = `${((share * end) / MILLION).toLocaleString('en')} M`;
    parts.push(text({ x, y: PANEL.top + PANEL.height + 20 }, label, { anchor: 'middle', isFaint: true }));
  }
  if (goal) {
    const { y } = place({ rows: 0, value: goal });
    parts.push(line({ x: left, y }, { x: left + PANEL.width, y }, 'mark'));
  }
  for (const [i, { series, label, points }] of curves.entries()) {
    const x = left + i * 110;
    parts.push(dot({ x: x + 5, y: 36 }, series), text({ x: x + 16, y: 40 }, label));
    parts.push(path(points.map(place), series), ...points.map((point) => dot(place(point), series)));
  }
  return parts;
}

/** 1, 2 or 5 times a power of ten. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= value) ?? value;
}
