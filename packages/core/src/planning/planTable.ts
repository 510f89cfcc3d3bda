/** Makes the plan of one table pair from the two schemas, or the refusal that names what stands in the way. */
import type { ComparedColumn, Failure, TablePlan } from '@rowparity/contracts';
import type { CatalogColumn, CatalogTable } from '../ports/catalog.ts';
import type { Sides } from '../sides.ts';
import { wireClass } from './columnRule.ts';
import { chooseKey } from './keyChoice.ts';

export type TablePlanning =
  | { readonly kind: 'planned'; readonly plan: TablePlan }
  | { readonly kind: 'refused'; readonly refusal: Failure };

export function planTable(
  tables: Sides<CatalogTable>,
  wantedKey: readonly string[] | undefined,
): TablePlanning {
  const paired = pairColumns(tables);
  if ('code' in paired) return { kind: 'refused', refusal: paired };
  const key = chooseKey(tables, wantedKey);
  if ('code' in key) return { kind: 'refused', refusal: key };
  // Key columns come first, so that a row's key is found without walking the rest of the row.
  const keyNames = key.columns.map((column) => column.name.toLowerCase());
  const isKey = (column: ComparedColumn) => keyNames.includes(column.names.base.toLowerCase());
  const keyColumns = keyNames.map(
    (name) => paired.find((c) => c.names.base.toLowerCase() === name) as ComparedColumn,
  );
  const plan: TablePlan = {
    tables: {
      base: { schema: tables.base.schema, table: tables.base.table },
      target: { schema: tables.target.schema, table: tables.target.table },
    },
    columns: [...keyColumns, ...paired.filter((column) => !isKey(column))],
    key: key.columns.map((column, i) => ({ column: i, kind: column.kind })),
    indexes: key.indexes,
  };
  return { kind: 'planned', plan };
}

function pairColumns(tables: Sides<CatalogTable>): ComparedColumn[] | Failure {
  const missing = missingColumns(tables);
  if (missing) return missing;
  const pairs: ComparedColumn[] = [];
  for (const base of tables.base.columns) {
    const target = find(tables.target, base.name) as CatalogColumn;
    const problem = whyNotComparable(tables.base.table, base, target);
    if (problem) return problem;
    pairs.push({
      names: { base: base.name, target: target.name },
      types: { base: base.type, target: target.type },
    });
  }
  return pairs;
}

function missingColumns(tables: Sides<CatalogTable>): Failure | undefined {
  const onlyBase = tables.base.columns.filter((c) => !find(tables.target, c.name)).map((c) => c.name);
  const onlyTarget = tables.target.columns.filter((c) => !find(tables.base, c.name)).map((c) => c.name);
  if (onlyBase.length === 0 && onlyTarget.length === 0) return undefined;
  const parts = [
    onlyBase.length > 0 ? `the target lacks ${onlyBase.join(', ')}` : '',
    onlyTarget.length > 0 ? `the base lacks ${onlyTarget.join(', ')}` : '',
  ].filter(Boolean);
  return {
    code: 'COLUMN_MISSING',
    message: `Table ${tables.base.table}: ${parts.join('; ')}. Both sides need the same columns.`,
  };
}

function whyNotComparable(table: string, base: CatalogColumn, target: CatalogColumn): Failure | undefined {
  const classes = { base: wireClass(base), target: wireClass(target) };
  if (classes.base === undefined || classes.target === undefined) {
    const type = classes.base === undefined ? base.type : target.type;
    return {
      code: 'COLUMN_TYPE_UNSUPPORTED',
      message: `Table ${table}, column ${base.name}: type ${type} is not supported.`,
    };
  }
  if (classes.base === classes.target) return undefined;
  return {
    code: 'COLUMN_TYPES_DIFFER',
    message: `Table ${table}, column ${base.name}: ${base.type} on the base and ${target.type} on the target cannot be compared byte by byte.`,
  };
}

function find(table: CatalogTable, name: string): CatalogColumn | undefined {
  return table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}
