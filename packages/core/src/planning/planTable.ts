/** Makes the plan of one table pair from the two schemas, or the refusal that names what stands in the way. */
import type { ComparedColumn, Failure, TablePlan } from '@rowparity/contracts';
import type { CatalogTable } from '../ports/catalog.ts';
import { SIDES, type Sides } from '../sides.ts';
import { isSameName } from './columnNames.ts';
import { ALL_COLUMNS, type ColumnWishes, targetNames } from './columnWishes.ts';
import { chooseKey } from './keyChoice.ts';
import { pairColumns } from './pairColumns.ts';

export interface TableWishes {
  /** Columns of the key, in the base's names; any usable key when left out. */
  readonly key: readonly string[] | undefined;
  readonly columns: ColumnWishes;
  readonly where: Sides<string> | null;
}

export const NO_WISHES: TableWishes = { key: undefined, columns: ALL_COLUMNS, where: null };

export type TablePlanning =
  | { readonly kind: 'planned'; readonly plan: TablePlan }
  | { readonly kind: 'refused'; readonly refusal: Failure };

export function planTable(tables: Sides<CatalogTable>, wishes: TableWishes): TablePlanning {
  const hidden = hiddenColumns(tables, wishes.columns);
  if (hidden) return { kind: 'refused', refusal: hidden };
  const key = chooseKey(tables, wishes.key, targetNames(wishes.columns));
  // Columns first: one that is missing or strange is the reason that a person can mend.
  const paired = pairColumns(
    tables,
    wishes.columns,
    'code' in key ? [] : key.columns.map(({ name }) => name),
  );
  if ('code' in paired) return { kind: 'refused', refusal: paired };
  if ('code' in key) return { kind: 'refused', refusal: key };
  const isKey = (column: ComparedColumn) =>
    key.columns.some(({ name }) => isSameName(name, column.names.base));
  const keyColumns = key.columns.map(
    ({ name }) => paired.find((column) => isSameName(column.names.base, name)) as ComparedColumn,
  );
  const plan: TablePlan = {
    tables: {
      base: { schema: tables.base.schema, table: tables.base.table },
      target: { schema: tables.target.schema, table: tables.target.table },
    },
    // Key columns come first, so that a row's key is found without walking the rest of the row.
    columns: [...keyColumns, ...paired.filter((column) => !isKey(column))],
    key: key.columns.map(({ name: _, ...rest }, column) => ({ column, ...rest })),
    indexes: key.indexes,
    where: wishes.where,
  };
  return { kind: 'planned', plan };
}

/** "All columns" that leaves some out of sight would be a promise about rows that were not seen whole. */
function hiddenColumns(tables: Sides<CatalogTable>, { only }: ColumnWishes): Failure | undefined {
  const sides = SIDES.filter((side) => tables[side].hasHiddenColumns);
  if (sides.length === 0 || only !== undefined) return undefined;
  const message = `Table ${tables.base.table}: the user may not read every column of it on the ${sides.join(' and the ')}. Grant SELECT on the whole table, or name the columns to compare (columns).`;
  return { code: 'ACCESS_DENIED', message };
}
