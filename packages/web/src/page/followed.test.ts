import { expect, it } from 'vitest';
import { sinceWords } from './followedView.ts';
import { countsOf, reportOf } from './testing/report.ts';

it.each([
  [{}, 'no difference is new and none is left.'],
  [{ knownResolved: 3 }, 'every difference that it knew and that was looked at is gone.'],
  [{ knownStill: 2, knownResolved: 3 }, 'nothing new.'],
  [{ knownNew: 2, knownResolved: 3 }, 'all that differs is new.'],
  [{ knownNew: 2, knownStill: 3 }, 'some differences are new, some are old.'],
])('with %j since the run before: %s', (counts, words) => {
  expect(sinceWords(reportOf({ counts: countsOf(counts) }))).toBe(words);
});

it('while the run goes on, it is told so far', () => {
  expect(sinceWords(reportOf({ state: 'running', counts: countsOf({ knownStill: 1 }) }))).toBe(
    'nothing new so far.',
  );
});
