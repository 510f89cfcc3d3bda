import { expect, it } from 'vitest';
import { differencesOf } from './verdictWords.ts';

const NONE = { targetMissing: 0, neq: 0, baseMissing: 0, knownStill: 0, knownNew: 0 };

it.each([
  ['of a run that follows none', { targetMissing: 1, neq: 2, baseMissing: 3 }, 6],
  ['of a recheck, which reads known keys alone', { knownStill: 5 }, 5],
  [
    'of a whole pass behind a run: known ones are found once more',
    { neq: 3, targetMissing: 1, knownStill: 3, knownNew: 1 },
    4,
  ],
  ['of what changed behind a run: some known ones did not change', { neq: 2, knownStill: 6, knownNew: 1 }, 7],
  ['of a whole pass behind a run that kept a part', { neq: 9, knownStill: 4 }, 9],
])('each row that differs counts once: %s', (_, counts, rows) => {
  expect(differencesOf({ ...NONE, ...counts })).toBe(rows);
});
