import type { RunSpec } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { CatalogTable } from '../../ports/catalog.ts';
import { integerColumn } from '../../testing/catalogColumns.ts';
import { WideExclusions } from './wideExclusions.ts';

type Spec = Pick<RunSpec, 'tables' | 'excludeColumns'>;

function tableOf(...names: readonly string[]): CatalogTable {
  const columns = names.map((name) => integerColumn(name));
  return {
    schema: 'shop',
    table: 't',
    columns,
    uniqueIndexes: [],
    plainIndexes: [],
    estimatedRows: 0,
    hasHiddenColumns: false,
  };
}

const NAMED = { name: 'orders' };
const PATTERN = { pattern: 'log_*', excludeColumns: ['seen'] };

/** Both selections found a table; `source` are the columns of the pattern's. */
function checked(spec: Spec, source: readonly string[], isOneUnseen = false): () => void {
  const wide = new WideExclusions(spec);
  wide.see(NAMED, { base: tableOf('id', 'note'), target: tableOf('id', 'note', 'added') });
  wide.see(PATTERN, { base: tableOf(...source), target: tableOf('id') });
  if (isOneUnseen) wide.noteUnseen();
  return () => wide.expectFound();
}

const OF_RUN = { tables: [NAMED, PATTERN], excludeColumns: ['ADDED', 'nota'] };

it('a name that one table has on one side is found, in any case', () => {
  const spec = { tables: [NAMED, PATTERN], excludeColumns: ['ADDED', 'Seen'] };
  expect(checked(spec, ['id', 'seen'])).not.toThrow();
});

it('a name that no table has is refused, with the closest of all tables', () => {
  const fault = { class: 'configuration', code: 'COLUMN_MISSING' };
  expect(checked(OF_RUN, ['id', 'nata', 'seen'])).toThrow(expect.objectContaining(fault));
  expect(checked(OF_RUN, ['id', 'nata', 'seen'])).toThrow(
    /nota, which no table of the run has. The closest: note, nata, /,
  );
});

it('a name of a pattern is looked for in the tables of that pattern', () => {
  const spec = { tables: [NAMED, { ...PATTERN, excludeColumns: ['note'] }] };
  const wide = new WideExclusions(spec);
  wide.see(NAMED, { base: tableOf('note'), target: tableOf('note') });
  expect(() => wide.expectFound()).toThrow(/note, which no table that the pattern "log_\*" finds has/);
});

it('a table that could not be looked at may be the one that has it', () => {
  expect(checked(OF_RUN, ['id', 'seen'], true)).not.toThrow();
});
