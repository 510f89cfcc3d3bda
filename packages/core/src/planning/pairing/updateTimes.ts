/**
 * Plans the comparison of rows that changed since a time: finds the update-time column on both sides, and an index that
 * gives rows in the order of (time, key). Without one each step would read the whole table.
 */
import { type ChangedSince, changedFrom, type Failure, type TablePlan } from '@rowparity/contracts';
import { findColumn, isSameName } from '../../catalogs/columnNames.ts';
import type { CatalogIndex, CatalogTable } from '../../ports/catalog.ts';
import { mapSides, SIDES, type Side, type Sides } from '../../sides/sides.ts';

const TIME_TYPE = /^(timestamp|datetime)\b/i;

export interface UpdateTimes {
  readonly since: ChangedSince;
  /** The column's name on each side. */
  readonly names: Sides<string>;
}

/** The plan's part, or why the rows that changed cannot be found. */
export function planChanged(
  plan: TablePlan,
  tables: Sides<CatalogTable>,
  { since, names }: UpdateTimes,
): NonNullable<TablePlan['changed']> | Failure {
  const columns = mapSides(tables, (table, side) => findColumn(table, names[side]));
  for (const side of SIDES) {
    const problem = columnProblem(columns[side]?.type, { name: names[side], side });
    if (problem) return refused(tables, problem);
  }
  const indexes = mapSides(tables, (table, side) => timeIndex(table, plan, { side, time: names[side] }));
  const { base, target } = indexes;
  if (!base || !target) {
    const side = base ? 'target' : 'base';
    const key = keyNames(plan, side).join(', ');
    const problem = `on the ${side} no index gives rows in the order of ${names[side]} and the key (${key}); an index of ${names[side]} alone does where the key is the primary key`;
    return refused(tables, problem);
  }
  return {
    names: mapSides(columns, (column) => column?.name ?? ''),
    types: mapSides(columns, (column) => column?.type ?? ''),
    indexes: { base: base.name, target: target.name },
    from: changedFrom(since),
  };
}

export function changedWithoutKey(tables: Sides<CatalogTable>): Failure {
  return refused(tables, 'its rows have no key that they can be read by');
}

function columnProblem(
  type: string | undefined,
  { name, side }: { readonly name: string; readonly side: Side },
): string | undefined {
  if (type === undefined) return `the ${side} has no column ${name}`;
  return TIME_TYPE.test(type)
    ? undefined
    : `column ${name} of the ${side} is ${type}, expected TIMESTAMP or DATETIME`;
}

/** InnoDB keeps the primary key behind the columns of every other index. */
function timeIndex(
  table: CatalogTable,
  plan: TablePlan,
  { side, time }: { readonly side: Side; readonly time: string },
): CatalogIndex | undefined {
  const key = keyNames(plan, side);
  const primary = table.uniqueIndexes.find(({ isPrimary }) => isPrimary);
  const isPrimaryKey = primary !== undefined && isSameList(primary.columns, key);
  return [...table.plainIndexes, ...table.uniqueIndexes].find(({ columns, isOrdered, problem }) => {
    if (!isOrdered || problem !== undefined || !isSameName(columns[0] ?? '', time)) return false;
    const rest = columns.slice(1);
    return isSameList(rest.slice(0, key.length), key) || (rest.length === 0 && isPrimaryKey);
  });
}

function keyNames({ key, columns }: TablePlan, side: Side): string[] {
  return key.map(({ column }) => columns[column]?.names[side] ?? '');
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => isSameName(name, b[i] ?? ''));
}

function refused({ base }: Sides<CatalogTable>, problem: string): Failure {
  const message = `Table ${base.table}: the rows that changed cannot be found: ${problem}. Name another column (changedSince.column), add the index, or leave the table out.`;
  return { code: 'UPDATE_TIME_NOT_USABLE', message };
}
