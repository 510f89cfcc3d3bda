import { expect, it } from 'vitest';
import { pointsOf } from './sparkline.ts';

const pairsOf = (values: readonly number[]) =>
  (pointsOf(values) ?? '').split(' ').map((pair) => pair.split(',').map(Number));

it('a line goes from the left to the right, and higher values are drawn higher', () => {
  const pairs = pairsOf([0, 5, 10]);
  expect(pairs.map(([x]) => x)).toEqual([0, 48, 96]);
  const [low = 0, middle = 0, high = 0] = pairs.map(([, y]) => y);
  expect(low > middle && middle > high).toBe(true);
});

it('nothing but zeros is a line on the ground, and no point is outside', () => {
  for (const [, y = -1] of pairsOf([0, 0, 0])) expect(y).toBe(19);
  for (const [, y = -1] of pairsOf([1e12, 3, 1e12])) expect(y >= 0 && y <= 20).toBe(true);
});

it('many steps become few points, and one is no line', () => {
  expect(pairsOf(Array.from({ length: 1000 }, (_, i) => i)).length).toBeLessThanOrEqual(48);
  expect(pointsOf([7])).toBeUndefined();
  expect(pointsOf([])).toBeUndefined();
});
