/** Pairs the columns of two tables by name, through renames, and decides for each pair how it is compared. */
import type { ComparedColumn, Failure, RuleName } from '@rowparity/contracts';
import type { CatalogColumn, CatalogTable } from '../ports/catalog.ts';
import type { Sides } from '../sides.ts';
import { compareColumns } from './columnRule.ts';

/** What a spec says of a table's columns, in the names of the base. */
export interface ColumnWishes {
  readonly only: readonly string[] | undefined;
  readonly except: readonly string[];
  /** Base name to target name, where they differ. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly rulesOff: readonly RuleName[];
}

export const ALL_COLUMNS: ColumnWishes = { only: undefined, except: [], renamed: {}, rulesOff: [] };

/** The columns of the key are always compared, whatever the wishes say. */
export function pairColumns(
  tables: Sides<CatalogTable>,
  wishes: ColumnWishes,
  keyColumns: readonly string[],
): ComparedColumn[] | Failure {
  const unknown = unknownNames(tables.base, wishes);
  if (unknown) return unknown;
  const isKey = (name: string) => keyColumns.some((other) => isSameName(other, name));
  const wanted = tables.base.columns.filter(({ name }) => isKey(name) || isWanted(name, wishes));
  const targetName = targetNames(wishes);
  const missing = missingColumns(tables, { wanted, wishes, targetName });
  if (missing) return missing;
  const pairs: ComparedColumn[] = [];
  for (const base of wanted) {
    const pair = pairOf(tables.base.table, {
      base,
      target: findColumn(tables.target, targetName(base.name)) as CatalogColumn,
    });
    if ('code' in pair) return pair;
    pairs.push({ ...pair, rules: pair.rules.filter((rule) => !wishes.rulesOff.includes(rule)) });
  }
  return pairs;
}

export function targetNames({ renamed }: ColumnWishes): (baseName: string) => string {
  return (name) => own(renamed, name) ?? name;
}

export function findColumn(table: CatalogTable, name: string): CatalogColumn | undefined {
  return table.columns.find((column) => isSameName(column.name, name));
}

export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function pairOf(table: string, pair: Sides<CatalogColumn>): ComparedColumn | Failure {
  const comparison = compareColumns(pair);
  const { base, target } = pair;
  switch (comparison.kind) {
    case 'unsupported':
      return {
        code: 'COLUMN_TYPE_UNSUPPORTED',
        message: `Table ${table}, column ${base.name}: type ${comparison.type} is not supported. Leave the column out with excludeColumns.`,
      };
    case 'incomparable':
      return {
        code: 'COLUMN_TYPES_DIFFER',
        message: `Table ${table}, column ${base.name}: ${base.type} on the base and ${target.type} on the target have no common type to compare in. Leave the column out with excludeColumns, or change one side.`,
      };
    case 'comparable': {
      const { readAs, rules } = comparison;
      return {
        names: { base: base.name, target: target.name },
        types: { base: base.type, target: target.type },
        readAs,
        rules: [...rules],
      };
    }
  }
}

function missingColumns(
  tables: Sides<CatalogTable>,
  of: {
    readonly wanted: readonly CatalogColumn[];
    readonly wishes: ColumnWishes;
    readonly targetName: (name: string) => string;
  },
): Failure | undefined {
  const onlyBase = of.wanted
    .map(({ name }) => of.targetName(name))
    .filter((name) => !findColumn(tables.target, name));
  const known = tables.base.columns.map(({ name }) => of.targetName(name));
  const isKnown = (name: string) => [...known, ...of.wishes.except].some((other) => isSameName(other, name));
  // Columns that were chosen by name are all that is wanted; otherwise one that only the target has is a surprise.
  const onlyTarget = of.wishes.only
    ? []
    : tables.target.columns.map(({ name }) => name).filter((name) => !isKnown(name));
  if (onlyBase.length === 0 && onlyTarget.length === 0) return undefined;
  const parts = [
    onlyBase.length > 0 ? `the target lacks ${onlyBase.join(', ')}` : '',
    onlyTarget.length > 0 ? `the base lacks ${onlyTarget.join(', ')}` : '',
  ].filter(Boolean);
  return {
    code: 'COLUMN_MISSING',
    message: `Table ${tables.base.table}: ${parts.join('; ')}. Rename with renamedColumns, or leave out with excludeColumns.`,
  };
}

function unknownNames(table: CatalogTable, { only = [], renamed }: ColumnWishes): Failure | undefined {
  const unknown = [...only, ...Object.keys(renamed)].filter((name) => !findColumn(table, name));
  if (unknown.length === 0) return undefined;
  return {
    code: 'COLUMN_MISSING',
    message: `Table ${table.table}: the spec names ${unknown.join(', ')}, which the base does not have.`,
  };
}

function isWanted(name: string, { only, except }: ColumnWishes): boolean {
  const isIn = (names: readonly string[]) => names.some((other) => isSameName(other, name));
  return (only === undefined || isIn(only)) && !isIn(except);
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  const key = Object.keys(record).find((other) => isSameName(other, name));
  return key === undefined ? undefined : record[key];
}
