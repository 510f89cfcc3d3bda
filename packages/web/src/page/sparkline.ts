/** A line as small as a word. It stands beside a number that says the same, so it is hidden from screen readers. */
import { type ComponentChild, h } from 'preact';

const WIDTH = 96;
const HEIGHT = 20;
/** More points than this are one of another. */
const POINTS_MAX = 48;
const POINTS_MIN = 2;

/** `color`: a class of the style. Null where there is too little to draw. */
export function sparkline(values: readonly number[], color: string): ComponentChild {
  const points = pointsOf(values);
  if (points === undefined) return null;
  return h(
    'svg',
    {
      class: `spark ${color}`,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
      focusable: 'false',
    },
    h('polyline', { points, fill: 'none' }),
  );
}

/** As the attribute has them, from left to right. Pure. */
export function pointsOf(values: readonly number[]): string | undefined {
  if (values.length < POINTS_MIN) return undefined;
  const steps = thinned(values);
  const most = Math.max(...steps, 1);
  const x = (i: number) => ((i * WIDTH) / (steps.length - 1)).toFixed(1);
  const y = (value: number) => (HEIGHT - 1 - (value * (HEIGHT - 2)) / most).toFixed(1);
  return steps.map((value, i) => `${x(i)},${y(value)}`).join(' ');
}

/** Neighbours become their mean. */
function thinned(values: readonly number[]): readonly number[] {
  const each = Math.ceil(values.length / POINTS_MAX);
  const means: number[] = [];
  for (let i = 0; i < values.length; i += each) {
    const some = values.slice(i, i + each);
    means.push(some.reduce((sum, value) => sum + value, 0) / some.length);
  }
  return means.length < POINTS_MIN ? values : means;
}
