import { expect, it } from 'vitest';
import { differencesWords, runBefore } from './seriesWords.ts';

const run = (runId: string, generation: number, differences: number | null) =>
  ({ runId, generation, differences, state: 'settled' }) as const;

it('a run of a series is told beside the one before it', () => {
  const all = [run('move.3', 3, 7), run('move.2', 2, 1444), run('move.1', 1, 1444), run('x', 1, 2)];
  expect(all.map((one) => differencesWords(one, all))).toEqual(['7, was 1,444', '1,444', '1,444', '2']);
});

it('what is not known is not told', () => {
  expect(differencesWords(run('move.3', 3, 7), [])).toBe('7');
  expect(differencesWords(run('move.3', 3, null), [])).toBe('');
  expect(differencesWords(run('move.3', 3, 7), [run('move.2', 2, null)])).toBe('7');
  expect(differencesWords({ ...run('r', 1, 0), state: 'running' }, [])).toBe('');
});

it('only a name with the number of its place has a run before it', () => {
  expect(runBefore({ runId: 'move.12', generation: 12 })).toBe('move.11');
  expect(runBefore({ runId: 'move.1', generation: 1 })).toBeUndefined();
  expect(runBefore({ runId: 'orders', generation: 3 })).toBeUndefined();
});
