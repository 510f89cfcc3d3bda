/** Pairs the columns of two tables by name, through renames, and decides for each pair how it is compared. */
import type { ComparedColumn, Failure } from '@rowparity/contracts';
import { findColumn, isAmong } from '../../catalogs/columnNames.ts';
import type { CatalogColumn, CatalogTable } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';
import { type ColumnOptions, isLeftOut, isWanted, targetNames, unknownNames } from './columnOptions.ts';
import { compareColumns } from './columnRule.ts';

/** The columns of the key are always compared, also when the options leave them out. */
export function pairColumns(
  tables: Sides<CatalogTable>,
  options: ColumnOptions,
  keyColumns: readonly string[],
): ComparedColumn[] | Failure {
  const unknown = unknownNames(tables, options);
  if (unknown) return unknown;
  const wanted = tables.base.columns.filter(
    ({ name }) => isAmong(keyColumns, name) || isWanted(name, options),
  );
  const targetName = targetNames(options);
  const missing = missingColumns(tables, { wanted, options, targetName });
  if (missing) return missing;
  const pairs: ComparedColumn[] = [];
  const refusals: Failure[] = [];
  for (const base of wanted) {
    const target = findColumn(tables.target, targetName(base.name)) as CatalogColumn;
    const pair = pairOf({ base, target }, isAmong(keyColumns, base.name));
    if ('code' in pair) refusals.push(pair);
    else pairs.push({ ...pair, rules: pair.rules.filter((rule) => !options.rulesOff.includes(rule)) });
  }
  return refusals.length > 0 ? allOf(tables.base.table, refusals) : pairs;
}

/** A message names no more than these; the next message names more. */
const NAMED_MAX = 10;

/** One refusal for all columns, so that all can be corrected at once. */
function allOf(table: string, refusals: readonly Failure[]): Failure {
  const more = refusals.length - NAMED_MAX;
  const named = refusals.slice(0, NAMED_MAX).map(({ message }) => message);
  const rest = more > 0 ? `; and ${more} more` : '';
  return {
    code: (refusals[0] as Failure).code,
    message: `Table ${table}: ${named.join('; ')}${rest}. Leave them out with excludeColumns, or change one side.`,
  };
}

/** A refusal's message is a part of the table's. */
function pairOf(pair: Sides<CatalogColumn>, isKey: boolean): ComparedColumn | Failure {
  const comparison = compareColumns(pair, isKey);
  const { base, target } = pair;
  switch (comparison.kind) {
    case 'unsupported':
      return {
        code: 'COLUMN_TYPE_UNSUPPORTED',
        message: `column ${base.name}: type ${comparison.type} is not supported`,
      };
    case 'incomparable':
      return {
        code: 'COLUMN_TYPES_DIFFER',
        message: `column ${base.name}: ${base.type} on the base and ${target.type} on the target have no common type to compare in`,
      };
    case 'comparable': {
      const { readAs, rules } = comparison;
      return {
        names: { base: base.name, target: target.name },
        types: { base: base.type, target: target.type },
        readAs,
        rules: [...rules],
        ...(base.isNullable || target.isNullable ? {} : { isNotNull: true as const }),
      };
    }
  }
}

function missingColumns(
  tables: Sides<CatalogTable>,
  column: {
    readonly wanted: readonly CatalogColumn[];
    readonly options: ColumnOptions;
    readonly targetName: (name: string) => string;
  },
): Failure | undefined {
  const onlyBase = column.wanted
    .map(({ name }) => column.targetName(name))
    .filter((name) => !findColumn(tables.target, name));
  const known = tables.base.columns.map(({ name }) => column.targetName(name));
  const isKnown = (name: string) => isAmong(known, name) || isLeftOut(name, column.options);
  // With columns chosen by name, only these count. Otherwise a column that only the target has is a problem.
  const onlyTarget = column.options.only
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
