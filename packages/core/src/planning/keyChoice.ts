/**
 * Chooses the key that a table pair is compared by: the primary key, or a unique key of NOT NULL columns, the same
 * columns in the same order on both sides.
 */
import type { Failure, KeyKind } from '@rowparity/contracts';
import type { CatalogColumn, CatalogIndex, CatalogTable } from '../ports/catalog.ts';
import type { Sides } from '../sides.ts';

export interface ChosenKey {
  readonly columns: readonly { readonly name: string; readonly kind: KeyKind }[];
  readonly indexes: Sides<string>;
}

const KIND_BY_TYPE: Readonly<Record<string, KeyKind>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  decimal: 'decimal',
  binary: 'binary',
  varbinary: 'binary',
  char: 'text',
  varchar: 'text',
  date: 'temporal',
  datetime: 'temporal',
  timestamp: 'temporal',
};

/** How a column's values stand in a key tuple; undefined when its type cannot be part of a key. */
export function keyKindOf(column: CatalogColumn): KeyKind | undefined {
  return KIND_BY_TYPE[column.dataType];
}

export function chooseKey(
  tables: Sides<CatalogTable>,
  wanted: readonly string[] | undefined,
): ChosenKey | Failure {
  const problems: string[] = [];
  for (const index of tables.base.uniqueIndexes) {
    if (wanted && !sameNames(index.columns, wanted)) continue;
    const problem = whyNot(tables, index);
    if (problem === undefined) return keyFrom(tables, index);
    problems.push(`${index.name}: ${problem}`);
  }
  return refusal(tables, wanted, problems);
}

function refusal(
  tables: Sides<CatalogTable>,
  wanted: readonly string[] | undefined,
  problems: string[],
): Failure {
  const table = tables.base.table;
  if (wanted) {
    const why = problems.length > 0 ? problems.join('; ') : 'no unique index has exactly these columns';
    return {
      code: 'KEY_NOT_USABLE',
      message: `Table ${table}: the key (${wanted.join(', ')}) cannot be used: ${why}.`,
    };
  }
  if (tables.base.uniqueIndexes.length === 0) {
    return {
      code: 'TABLE_WITHOUT_KEY',
      message: `Table ${table} has no PRIMARY KEY and no UNIQUE key: rows cannot be told apart. Add a key, or leave the table out.`,
    };
  }
  return { code: 'KEY_NOT_USABLE', message: `Table ${table} has no usable key. ${problems.join('; ')}.` };
}

function whyNot(tables: Sides<CatalogTable>, index: CatalogIndex): string | undefined {
  if (!index.isPlain) return 'has a prefix, an expression or a descending part';
  for (const name of index.columns) {
    const problem = whyNotColumn(columnOf(tables.base, name), columnOf(tables.target, name), name);
    if (problem) return problem;
  }
  return partner(tables.target, index)
    ? undefined
    : 'the target has no unique key of the same columns in this order';
}

function whyNotColumn(base: CatalogColumn | undefined, target: CatalogColumn | undefined, name: string) {
  if (!base || !target) return `column ${name} is missing on one side`;
  if (base.isNullable || target.isNullable) return `column ${name} can be NULL`;
  if (!keyKindOf(base)) return `column ${name} has type ${base.type}, which cannot be part of a key`;
  if (base.collation !== target.collation) {
    return `column ${name} sorts differently on the two sides (${base.collation ?? 'no collation'} and ${target.collation ?? 'no collation'})`;
  }
  return undefined;
}

function keyFrom(tables: Sides<CatalogTable>, index: CatalogIndex): ChosenKey {
  const columns = index.columns.map((name) => ({
    name,
    kind: keyKindOf(columnOf(tables.base, name) as CatalogColumn) as KeyKind,
  }));
  return { columns, indexes: { base: index.name, target: partner(tables.target, index)?.name as string } };
}

function partner(table: CatalogTable, index: CatalogIndex): CatalogIndex | undefined {
  return table.uniqueIndexes.find((other) => other.isPlain && sameNames(other.columns, index.columns));
}

function columnOf(table: CatalogTable, name: string): CatalogColumn | undefined {
  return table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name.toLowerCase() === b[i]?.toLowerCase());
}
