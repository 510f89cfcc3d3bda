import { expect, it } from 'vitest';
import type { CatalogTable } from '../ports/catalog.ts';
import { integerColumn } from '../testing/catalogColumns.ts';
import { schemaDifferences, schemaHashes } from './schemaHashes.ts';

const id = integerColumn('id');
const primary = { name: 'PRIMARY', isPrimary: true, columns: ['id'], problem: undefined, isOrdered: true };
const table: CatalogTable = {
  schema: 's',
  table: 't',
  columns: [id, { ...id, name: 'v' }],
  uniqueIndexes: [primary],
  plainIndexes: [],
  estimatedRows: 7,
  hasHiddenColumns: false,
};

function differences(change: Partial<CatalogTable>): string[] {
  return schemaDifferences(schemaHashes(table), schemaHashes({ ...table, ...change }));
}

it('rows that come and go, and the order of columns, are no change', () => {
  expect(differences({ estimatedRows: 9, columns: table.columns.toReversed() })).toEqual([]);
});

it.each([
  ['column note was added', { columns: [...table.columns, { ...id, name: 'note' }] }],
  ['column v was removed', { columns: [id] }],
  ['column v was changed', { columns: [id, { ...id, name: 'v', type: 'int' }] }],
  ['index PRIMARY was changed', { uniqueIndexes: [{ ...primary, columns: ['v'] }] }],
  ['index u was added', { uniqueIndexes: [primary, { ...primary, name: 'u' }] }],
])('%s', (words, change) => {
  expect(differences(change)).toEqual([words]);
});
