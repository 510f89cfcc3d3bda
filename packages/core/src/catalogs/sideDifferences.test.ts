import { expect, it } from 'vitest';
import type { CatalogTable } from '../ports/catalog.ts';
import { integerColumn, textColumn } from '../testing/catalogColumns.ts';
import { sideDifferences } from './sideDifferences.ts';

const primary = { name: 'PRIMARY', isPrimary: true, columns: ['id'], problem: undefined, isOrdered: true };
const table: CatalogTable = {
  ...{ schema: 's', table: 't', columns: [integerColumn('id'), textColumn('v')] },
  ...{ uniqueIndexes: [primary], plainIndexes: [], estimatedRows: 7, hasHiddenColumns: false },
};
const columns = [{ names: { base: 'id', target: 'id' } }, { names: { base: 'v', target: 'w' } }];
const renamed = { ...table, columns: [integerColumn('id'), textColumn('w')] };
const told = (target: CatalogTable, direction: 'SRC' | 'DST' = 'SRC') =>
  sideDifferences({ tables: { base: table, target }, columns, direction });

it('a renamed column, another estimate, a width for showing and other names of indexes are no difference', () => {
  const wide = [integerColumn('id', { type: 'bigint(20)' }), textColumn('w')];
  const other = { ...renamed, columns: wide, estimatedRows: 99, uniqueIndexes: [{ ...primary, name: 'p' }] };
  expect(told(other)).toEqual([]);
});

it.each<[string, Partial<CatalogTable>]>([
  [
    'id is bigint on the source, int on the destination',
    { columns: [integerColumn('id', { type: 'int' }), textColumn('w')] },
  ],
  [
    'v is NOT NULL on the source, NULL on the destination',
    { columns: [integerColumn('id'), textColumn('w', { isNullable: true })] },
  ],
  [
    'v has the collation utf8mb4_bin on the source, utf8mb4_general_ci on the destination',
    { columns: [integerColumn('id'), textColumn('w', { collation: 'utf8mb4_general_ci' })] },
  ],
  ['v has the default none on the source, x on the destination', { defaults: new Map([['w', 'x']]) }],
  [
    'the index (v) is on the destination only',
    { plainIndexes: [{ ...primary, name: 'i', isPrimary: false, columns: ['w'] }] },
  ],
  ['the primary key (id) is on the source only', { uniqueIndexes: [] }],
])('%s', (words, change) => {
  expect(told({ ...renamed, ...change })).toEqual([words]);
  const turned = told({ ...renamed, ...change }, 'DST');
  expect(turned).toHaveLength(1);
  expect(turned).not.toEqual([words]);
});

it('of many the first are told, each of bounded length', () => {
  const wide = Array.from({ length: 30 }, (_, i) => textColumn(`${'c'.repeat(200)}${i}`));
  const names = wide.map(({ name }) => ({ names: { base: name, target: name } }));
  const tables = {
    base: { ...table, columns: wide },
    target: { ...table, columns: wide.map((one) => ({ ...one, type: 'text' })) },
  };
  const differences = sideDifferences({ tables, columns: names, direction: 'SRC' });
  expect(differences).toHaveLength(6);
  expect(differences.at(-1)).toBe('and 25 more');
  for (const text of differences) expect(text.length).toBeLessThanOrEqual(160);
});
