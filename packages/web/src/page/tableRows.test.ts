import { expect, it } from 'vitest';
import { sortedTables } from './tableRows.ts';
import { countsOf, tableOf } from './testing/report.ts';

const shards = { total: 4, planned: 0, running: 0, match: 0, differs: 0, inconclusive: 0 };
const tables = [
  tableOf('equal'),
  tableOf('waits', { outcome: null, shards: { ...shards, planned: 4 } }),
  tableOf('few', { outcome: 'differs', counts: countsOf({ neq: 1 }) }),
  tableOf('works', { outcome: null, shards: { ...shards, planned: 3, running: 1 } }),
  tableOf('refused', { outcome: 'inconclusive', refusal: { code: 'TABLE_WITHOUT_KEY', message: 'no key' } }),
  tableOf('unread', { outcome: 'inconclusive', shards: { ...shards, match: 3, inconclusive: 1 } }),
  tableOf('early', {
    outcome: null,
    shards: { ...shards, planned: 3, differs: 1 },
    counts: countsOf({ baseMissing: 2 }),
  }),
];
const namesOf = (filter: string) => {
  const { needing, running, waiting, matching } = sortedTables({ tables }, filter);
  return [needing, running, waiting, matching].map((rows) => rows.map(({ table }) => table.name));
};

it('tables that need a person come first, those that differ most before all', () => {
  expect(namesOf('')).toEqual([['early', 'few', 'refused', 'unread'], ['works'], ['waits'], ['equal']]);
});

it('a filter finds a part of a name, in any case', () => {
  expect(namesOf(' EA').flat()).toEqual(['early', 'unread']);
  expect(namesOf('nothing').flat()).toEqual([]);
});
