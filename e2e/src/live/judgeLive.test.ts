import { expect, it } from 'vitest';
import { type JudgeInput, judgeLive, plantedKey } from './judgeLive.ts';
import type { Plant } from './plants.ts';

const plants: readonly Plant[] = [
  { table: 'accounts', kind: 'differs', n: 7, isBusy: true },
  { table: 'positions', kind: 'missing_on_destination', n: 9, isBusy: false },
];

const event = (Table: string, Key: object, Type: string, more: object = {}) =>
  JSON.stringify({ Direction: 'SRC', Type, Table, Key, Stability: 'confirmed', ...more });
const ACCOUNT = event('accounts', { id: 7 }, 'neq', { Columns: ['label'] });
const POSITION = event('positions', { account_id: 2, code: 'C1' }, 'target_missing');

const judged = (changes: Partial<JudgeInput>) =>
  judgeLive({
    ...{ direction: 'SRC', verdict: 'inconsistent', events: [ACCOUNT, POSITION] },
    ...{ plants, truth: plants.map(plantedKey), ...changes },
  });

it('a run that told every planted difference, and nothing else, has no problem', () => {
  expect(judged({})).toMatchObject({ found: 2, falseEvents: [], missed: [], unstable: 0, problems: [] });
});

it('an event without a planted difference is false, and so is a column that was equal', () => {
  const toggled = event('flags', { id: 3 }, 'neq', { Columns: ['is_on'] });
  const tooMuch = event('accounts', { id: 7 }, 'neq', { Columns: ['label', 'balance'] });
  expect(judged({ events: [tooMuch, POSITION, toggled] })).toMatchObject({
    falseEvents: ['accounts neq id=7, columns balance', 'flags neq id=3'],
    falseToggles: 1,
  });
});

it('a planted difference without an event is missed; one that is told as unstable counts as that', () => {
  expect(judged({ events: [ACCOUNT] }).missed).toEqual(['positions target_missing account_id=2 code=C1']);
  const unstable = event('positions', { account_id: 2, code: 'C1' }, 'target_missing', {
    Stability: 'unstable',
  });
  const { missed, unstable: count, problems } = judged({ events: [ACCOUNT, unstable] });
  expect({ missed, count }).toEqual({ missed: [], count: 1 });
  expect(problems).toEqual(['1 of 2 planted differences ended unstable']);
});

it('a verdict of consistent over a standing difference is a problem, and a healed one need not be told', () => {
  expect(judged({ verdict: 'consistent' }).problems).toEqual(['the verdict is consistent']);
  expect(judged({ truth: plants.slice(0, 1).map(plantedKey), events: [ACCOUNT] }).problems).toEqual([]);
});

it('with the other direction what the destination lacks is what only the base lacks', () => {
  const there = event('positions', { account_id: 2, code: 'C1' }, 'base_missing');
  expect(judged({ direction: 'DST', events: [ACCOUNT, there] })).toMatchObject({
    falseEvents: [],
    missed: [],
  });
});
