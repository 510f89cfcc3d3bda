import { expect, test } from 'vitest';
import { efficiencyOf } from './efficiency.ts';

const RATES = [
  { workers: 1, rowsPerSecond: 1000 },
  { workers: 4, rowsPerSecond: 3600 },
];

test('four workers that do the work of 3.6 have an efficiency of 0.9', () => {
  expect(RATES.map((rate) => efficiencyOf(rate, RATES))).toEqual([1, 0.9]);
});

test('without the rate of one there is none', () => {
  expect(efficiencyOf({ workers: 4, rowsPerSecond: 1 }, [])).toBeUndefined();
});
