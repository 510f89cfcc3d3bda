import { expect, test } from 'vitest';
import { missingLine, stepsOf } from './pageSteps.ts';

test('each command of the quick start has what it prints', () => {
  const steps = stepsOf('docs/quick-start.md');
  expect(steps.map(({ command }) => command.split(' ')[2])).toEqual([
    'init',
    'doctor',
    'check',
    'diff',
    'repair',
    'check',
    'certificate',
  ]);
  for (const { shown } of steps) expect(shown.length).toBeGreaterThan(0);
});

test.each([
  ['the same lines', ['a', 'b'], 'a\nb\nc', undefined],
  ['a line that is missing', ['a', 'c'], 'a\nb\n', 'c'],
  ['lines in between that are not said to be left out', ['a', 'c'], 'a\nb\nc', 'c'],
  ['lines in between that are', ['a', '…', 'c'], 'a\nb\nc', undefined],
  ['another order', ['b', '…', 'a'], 'a\nb', 'a'],
  ['the rest of a line', ['at … s'], 'at 0.5 s', undefined],
  ['signs that mean something to a pattern', ['1 (a.b)'], '1 (aXb)', '1 (a.b)'],
])('%s', (_name, shown, printed, expected) => {
  expect(missingLine(shown, printed)).toBe(expected);
});
