import { expect, test } from 'vitest';
import { byApp, cpuBetween } from './cpuReading.ts';
import { cpuSecondsIn, cpuSecondsOf } from './processCpu.ts';

test('user and system time are found behind a name with blanks and brackets', () => {
  const stat = '42 (a (strange) name) S 1 42 42 0 -1 4194304 100 0 0 0 250 150 0 0 20 0 1 0 123 456 789';
  expect(cpuSecondsIn(stat)).toBe(4);
});

test('what is not there is no number', async () => {
  expect(await cpuSecondsOf(0)).toBeNaN();
});

test('a difference of two readings', () => {
  expect(cpuBetween({ redis: 1, worker: 2 }, { redis: 1.5, worker: 5 })).toEqual({ redis: 0.5, worker: 3 });
});

test('the processes of one app are added up', () => {
  expect(byApp({ redis: 1, 'worker-1': 2, 'worker-12': 3 })).toEqual({ redis: 1, worker: 5 });
});
