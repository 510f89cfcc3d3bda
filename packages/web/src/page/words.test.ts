import { expect, it } from 'vitest';
import { commandsOf } from './commands.ts';
import { convergenceWords, courseOf, rateWords } from './courses.ts';
import { phasesOf } from './phases.ts';
import { placeOf } from './place.ts';
import { NOON, reportOf } from './testing/report.ts';
import { agoWords, spanWords, timeWords, utcWords } from './timeWords.ts';

const HOUR_MS = 3_600_000;

it.each([
  [0, '0 s'],
  [300, 'less than 1 s'],
  [59_999, '59 s'],
  [41 * 60_000, '41 min'],
  [6 * HOUR_MS, '6 h'],
  [6 * HOUR_MS + 600_000, '6 h 10 min'],
  [73 * HOUR_MS, '3 days'],
])('%i ms are "%s"', (ms, words) => {
  expect(spanWords(ms)).toBe(words);
});

it('a time of another day has its day', () => {
  expect(timeWords(NOON - HOUR_MS, NOON, 'UTC')).toBe('11:00');
  expect(timeWords(NOON - 13 * HOUR_MS, NOON, 'UTC')).toBe('Nov 25, 23:00');
  expect(timeWords(NOON - 365 * 24 * HOUR_MS, NOON, 'UTC')).toBe('Nov 26, 12:00');
  expect([agoWords(NOON, NOON), agoWords(NOON - HOUR_MS, NOON)]).toEqual(['just now', '1 h ago']);
  expect(utcWords(NOON)).toBe('2026-11-26 12:00:00 UTC');
});

it('an address is a list, a run or a migration', () => {
  expect(placeOf('/')).toEqual({ kind: 'runs' });
  expect(placeOf('/runs/orders-1')).toEqual({ kind: 'run', id: 'orders-1' });
  expect(placeOf('/migrations/move')).toEqual({ kind: 'migration', id: 'move' });
});

it.each([
  [{ state: 'accepted', plannedAt: null, settledAt: null }, ['now', 'later', 'later', 'later']],
  [
    { state: 'running', settledAt: null, shards: { ...reportOf().shards, planned: 1 } },
    ['done', 'now', 'later', 'later'],
  ],
  [{ state: 'running', settledAt: null }, ['done', 'done', 'now', 'later']],
  [{}, ['done', 'done', 'done', 'done']],
] as const)('a run is in one phase: %#', (changes, progress) => {
  expect(phasesOf(reportOf(changes), NOON).map((phase) => phase.progress)).toEqual(progress);
});

it('commands are those that the run takes', () => {
  const namesOf = (changes: object, counts = 0, known = 0) =>
    commandsOf({ ...reportOf(changes), counts, known }).map(({ command }) => command.split(' ')[1]);
  expect(namesOf({ state: 'running' })).toEqual(['pause', 'cancel', 'watch']);
  expect(namesOf({ state: 'running', paused: true })).toEqual(['resume', 'cancel', 'watch']);
  expect(namesOf({})).toEqual(['gate', 'report', 'certificate']);
  const shards = { ...reportOf().shards, differs: 1 };
  expect(namesOf({ shards }, 3, 3)).toEqual([
    'rerun',
    'recheck',
    'known',
    'repair',
    'gate',
    'report',
    'certificate',
  ]);
});

const timeline = {
  ...{ from: NOON, stepMs: 1000, rows: [100, 300, 200, 50] },
  ...{ confirmed: [0, 1, 0, 1], converged: [2, 0, 3, 0], slowestMs: [500, 0, 4000, 0] },
};

it('a course has rates by step, the last one by the part that passed, and sums so far', () => {
  const course = courseOf(timeline, NOON + 3500);
  expect(course).toMatchObject({
    rowsPerSecond: [100, 300, 200, 100],
    ...{ confirmed: [0, 1, 1, 2], converged: [2, 2, 5, 5] },
  });
  if (!course) throw new Error('expected a course');
  expect(rateWords(course, NOON)).toMatch(/^180 rows\/s on average, at most 300 \(\d\d:00\)$/);
  expect(convergenceWords(course, timeline)).toBe(
    '5 became equal at a recheck, the slowest within 4 s; 2 confirmed as different',
  );
});

it('of a moment there is no course', () => {
  expect(courseOf({ ...timeline, rows: [1] }, NOON)).toBeUndefined();
  expect(courseOf(null, NOON)).toBeUndefined();
});
