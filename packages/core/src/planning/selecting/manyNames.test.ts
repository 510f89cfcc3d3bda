import { runSpec } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { CatalogTable } from '../../ports/catalog.ts';
import { ALL_COLUMNS, unknownNames } from '../pairing/columnOptions.ts';
import { WideExclusions } from './wideExclusions.ts';

// Names at their limits: 4096 columns of 64 characters. These end within moments, or not within the test's time.

const COLUMNS = 4096;
const nameOf = (prefix: string, i: number) => `${prefix}${i}`.padEnd(64, prefix);
const tableOf = (prefix: string): CatalogTable =>
  ({
    table: 't',
    columns: Array.from({ length: COLUMNS }, (_, i) => ({ name: nameOf(prefix, i) })),
  }) as unknown as CatalogTable;
const asked = Array.from({ length: COLUMNS }, (_, i) => nameOf('b', i));

it('a list of unknown columns is refused, and the message names a few of them', () => {
  const tables = { base: tableOf('a'), target: tableOf('a') };
  const refusal = unknownNames(tables, { ...ALL_COLUMNS, only: asked, except: asked });
  expect(refusal?.code).toBe('COLUMN_MISSING');
  expect(refusal?.message.length).toBeLessThan(2000);
});

it('columns to leave out of every table, which no table has, are searched in hundreds of tables', () => {
  const spec = { version: 1, runId: 'r', source: 's', destination: 'd', direction: 'SRC' };
  const { tables, excludeColumns = [] } = runSpec.parse({
    ...spec,
    tables: [{ pattern: '*' }],
    excludeColumns: asked,
  });
  const wide = new WideExclusions({ tables, excludeColumns });
  const found = { base: tableOf('a'), target: tableOf('a') };
  for (let i = 0; i < 300; i += 1) wide.see(tables[0] as (typeof tables)[number], found);
  expect(() => wide.expectFound()).toThrow(/excludeColumns names b0b/);
});
