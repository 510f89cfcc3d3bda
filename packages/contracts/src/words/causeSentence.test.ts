import { expect, it } from 'vitest';
import type { ReportedGroup } from '../index.ts';
import { causeSentence } from './causeSentence.ts';

const group: ReportedGroup = {
  ...{ table: 'people', type: 'neq', column: 'name', cause: { code: 'mojibake' }, rows: 3 },
  ...{ low: '1', high: '9', example: { id: '4' } },
};
const missing = { type: 'target_missing', column: null, cause: null } as const;
const text = { low: null, high: null, example: { code: 'a', no: '7' } };

it.each<[string, Partial<ReportedGroup>]>([
  ['people.name: 3 rows differ: UTF-8 read as latin1 (id 1 to 9, e.g. 4)', {}],
  ['people.name: 1 row differs: UTF-8 read as latin1 (id=4)', { rows: 1, low: '4', high: '4' }],
  ['people.name: 3 rows differ (id 1 to 9, e.g. 4)', { cause: { code: 'other' } }],
  ['people.name: 3 rows differ (id 1 to 9, e.g. 4)', { cause: null }],
  [
    'people.name: 3 rows differ: rounded to 2 decimals (id 1 to 9, e.g. 4)',
    { cause: { code: 'rounded', at: 2 } },
  ],
  ['people: 3 rows missing on destination (id 1 to 9, e.g. 4)', missing],
  ['people: 9 rows missing on destination (all of id 1 to 9)', { ...missing, rows: 9 }],
  [
    'people: 2 rows missing on destination (all of id 9007199254740993 to 9007199254740994)',
    { ...missing, rows: 2, low: '9007199254740993', high: '9007199254740994' },
  ],
  ['people: 3 rows only on destination (e.g. code=a, no=7)', { ...missing, ...text, type: 'base_missing' }],
  ['people: 3 rows missing on destination', { ...missing, ...text, example: null }],
])('%s', (sentence, changes) => {
  expect(causeSentence({ ...group, ...changes }, 'destination')).toBe(sentence);
});
