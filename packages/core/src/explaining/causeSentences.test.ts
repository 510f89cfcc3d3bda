import { expect, it } from 'vitest';
import { causeSentences, type ToldDifference } from './causeSentences.ts';

const differ = (key: string, column: string, code: 'other' | 'mojibake'): ToldDifference => ({
  ...{ table: 'people', key: `id=${key}`, type: 'neq', columns: [column] },
  causes: [{ code }],
});

it('each table, column and cause is one sentence with its number and an example, the largest first', () => {
  const told = causeSentences(
    [
      differ('1', 'name', 'mojibake'),
      differ('2', 'name', 'mojibake'),
      differ('3', 'name', 'other'),
      {
        ...{ table: 'people', key: 'id=4', type: 'neq', columns: ['name', 'balance'] },
        causes: [{ code: 'mojibake' }, { code: 'rounded', at: 2 }],
      },
      { table: 'orders', key: 'id=5', type: 'target_missing', columns: [] },
      { table: 'orders', key: 'id=6', type: 'base_missing', columns: [] },
      { table: 'old', key: 'id=7', type: 'neq', columns: ['v'] },
    ],
    'destination',
  );
  expect(told).toEqual([
    'people.name: 3 rows differ: UTF-8 read as latin1 (e.g. id=1)',
    'people.name: 1 row differs (e.g. id=3)',
    'people.balance: 1 row differs: rounded to 2 decimals (e.g. id=4)',
    'orders: 1 row missing on destination (e.g. id=5)',
    'orders: 1 row only on destination (e.g. id=6)',
    'old.v: 1 row differs (e.g. id=7)',
  ]);
});
