/** Makes the plan of one table pair from the two schemas, or the refusal that names what stands in the way. */
import type { ComparedColumn, Failure, TablePlan } from '@rowparity/contracts';
import { isSameName } from '../../catalogs/columnNames.ts';
import type { CatalogTable } from '../../ports/catalog.ts';
import { mapSides, SIDES, type Sides } from '../../sides/sides.ts';
import { ALL_COLUMNS, type ColumnOptions, targetNames } from './columnOptions.ts';
import { chooseKey, type KeyChoice } from './keyChoice.ts';
import type { ChosenKeyColumn } from './keyColumnChoice.ts';
import { bucketsFor, multisetProblem } from './multisetPlan.ts';
import { pairColumns } from './pairColumns.ts';
import { changedWithoutKey, planChanged, type UpdateTimes } from './updateTimes.ts';

export interface TableOptions {
  /** Columns of the key, in the base's names; any usable key when left out. */
  readonly key: readonly string[] | undefined;
  readonly columns: ColumnOptions;
  readonly where: Sides<string> | null;
  /** Only rows that changed since a time. */
  readonly changed?: UpdateTimes | undefined;
}

export const DEFAULT_TABLE_OPTIONS: TableOptions = { key: undefined, columns: ALL_COLUMNS, where: null };

export type TablePlanning =
  | { readonly kind: 'planned'; readonly plan: TablePlan }
  | { readonly kind: 'refused'; readonly refusal: Failure };

export function planTable(tables: Sides<CatalogTable>, options: TableOptions): TablePlanning {
  const hidden = hiddenColumns(tables, options.columns);
  if (hidden) return { kind: 'refused', refusal: hidden };
  const choice = chooseKey(tables, options.key, targetNames(options.columns));
  const key = choice.kind === 'none' ? [] : choice.columns;
  // Columns first: a missing or unsupported column is a reason that a person can act on.
  const paired = pairColumns(
    tables,
    options.columns,
    key.map(({ name }) => name),
  );
  if ('code' in paired) return { kind: 'refused', refusal: paired };
  const plan = planOf({ tables, key, paired }, options);
  if (choice.kind === 'ordered') return planOrdered({ ...plan, indexes: choice.indexes }, tables, options);
  // A named key that is not a key is a mistake. Without a named key, rows are compared by their contents.
  if (choice.kind === 'none' && options.key) return { kind: 'refused', refusal: choice.refusal };
  const problem = multisetProblem(paired, tables);
  if (problem) return { kind: 'refused', refusal: withoutOrder(choice, problem) };
  if (options.changed) return { kind: 'refused', refusal: changedWithoutKey(tables) };
  const rows = Math.max(tables.base.estimatedRows, tables.target.estimatedRows);
  return { kind: 'planned', plan: { ...plan, multiset: { buckets: bucketsFor(rows) } } };
}

function planOrdered(
  plan: TablePlan,
  tables: Sides<CatalogTable>,
  { changed: asked }: TableOptions,
): TablePlanning {
  if (!asked) return { kind: 'planned', plan };
  const changed = planChanged(plan, tables, asked);
  if ('code' in changed) return { kind: 'refused', refusal: changed };
  return { kind: 'planned', plan: { ...plan, changed } };
}

interface PlanInput {
  readonly tables: Sides<CatalogTable>;
  readonly key: readonly ChosenKeyColumn[];
  readonly paired: readonly ComparedColumn[];
}

function planOf({ tables, key, paired }: PlanInput, { where }: TableOptions): TablePlan {
  const isKey = (column: ComparedColumn) => key.some(({ name }) => isSameName(name, column.names.base));
  const keyColumns = key.map(
    ({ name }) => paired.find((column) => isSameName(column.names.base, name)) as ComparedColumn,
  );
  return {
    tables: mapSides(tables, ({ schema, table }) => ({ schema, table })),
    // Key columns come first, so that a row's key is read without walking the rest of the row.
    columns: [...keyColumns, ...paired.filter((column) => !isKey(column))],
    key: key.map(({ name: _, ...rest }, column) => ({ column, ...rest })),
    indexes: { base: null, target: null },
    where,
  };
}

function withoutOrder(choice: Exclude<KeyChoice, { kind: 'ordered' }>, problem: string): Failure {
  const refusal: Failure =
    choice.kind === 'none' ? choice.refusal : { code: 'KEY_NOT_USABLE', message: `${choice.why}.` };
  return {
    ...refusal,
    message: `${refusal.message} Rows cannot be compared by their contents either: ${problem}.`,
  };
}

/** With hidden columns, "all columns" would claim something about rows that were not read whole. */
function hiddenColumns(tables: Sides<CatalogTable>, { only }: ColumnOptions): Failure | undefined {
  const sides = SIDES.filter((side) => tables[side].hasHiddenColumns);
  if (sides.length === 0 || only !== undefined) return undefined;
  const message = `Table ${tables.base.table}: the user may not read every column of it on the ${sides.join(' and the ')}. Grant SELECT on the whole table, or name the columns to compare (columns).`;
  return { code: 'ACCESS_DENIED', message };
}
