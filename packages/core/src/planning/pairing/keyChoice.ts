/**
 * Chooses the key that a table pair is compared by: the primary key, or a unique key of NOT NULL columns, the same
 * columns in the same order on both sides. Where both servers sort by it alike, rows are read in its order. A key that
 * only tells rows apart serves the comparison of multisets.
 */
import type { Failure } from '@rowparity/contracts';
import { findColumn, isSameName } from '../../catalogs/columnNames.ts';
import type { CatalogIndex, CatalogTable } from '../../ports/catalog.ts';
import { mapSides, SIDES, type Sides } from '../../sides/sides.ts';
import { type ChosenKeyColumn, keyColumn } from './keyColumnChoice.ts';

export type KeyChoice =
  | {
      readonly kind: 'ordered';
      readonly columns: readonly ChosenKeyColumn[];
      /** Null where rows cannot be read in the order of an index, but can be sorted. */
      readonly indexes: Sides<string | null>;
    }
  /** It tells rows apart, and `why` says why no row can be read in its order. */
  | { readonly kind: 'identity'; readonly columns: readonly ChosenKeyColumn[]; readonly why: string }
  | { readonly kind: 'none'; readonly refusal: Failure };

/** From a column of the base to its name on the target. */
export type TargetName = (baseName: string) => string;

export function chooseKey(
  tables: Sides<CatalogTable>,
  wanted: readonly string[] | undefined,
  targetName: TargetName,
): KeyChoice {
  const problems: string[] = [];
  let identity: KeyChoice | undefined;
  for (const index of tables.base.uniqueIndexes) {
    if (wanted && !sameNames(index.columns, wanted)) continue;
    const chosen = tryKey(tables, index, targetName);
    if (typeof chosen === 'string') problems.push(`${index.name}: ${chosen}`);
    else if (chosen.kind === 'ordered') return chosen;
    else identity ??= chosen;
  }
  return identity ?? { kind: 'none', refusal: refusal(tables, wanted, problems) };
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
      message: `Table ${table} has no PRIMARY KEY and no UNIQUE key that distinguishes rows. Add a key, or leave the table out.`,
    };
  }
  return { code: 'KEY_NOT_USABLE', message: `Table ${table} has no usable key. ${problems.join('; ')}.` };
}

/** The key, or why it does not tell rows apart on both sides. */
function tryKey(
  tables: Sides<CatalogTable>,
  index: CatalogIndex,
  targetName: TargetName,
): Exclude<KeyChoice, { kind: 'none' }> | string {
  if (index.problem !== undefined) return index.problem;
  const columns: ChosenKeyColumn[] = [];
  let why: string | undefined;
  for (const name of index.columns) {
    const pair = { base: findColumn(tables.base, name), target: findColumn(tables.target, targetName(name)) };
    const column = keyColumn(pair, name);
    if (column.kind === 'unusable') return column.why;
    columns.push(column.column);
    if (column.kind === 'unordered') why ??= column.why;
  }
  const partner = tables.target.uniqueIndexes.find(
    (other) => other.problem === undefined && sameNames(other.columns, index.columns.map(targetName)),
  );
  if (!partner) return 'the target has no unique key of the same columns in this order';
  const pair = { base: index, target: partner };
  why ??= orderProblem(pair, tables);
  if (why !== undefined) return { kind: 'identity', columns, why };
  return {
    kind: 'ordered',
    columns,
    indexes: mapSides(pair, ({ name, isOrdered }) => (isOrdered ? name : null)),
  };
}

/** Without an index in the order of the key the server sorts rows each time; that needs keys it looks at whole. */
function orderProblem(pair: Sides<CatalogIndex>, tables: Sides<CatalogTable>): string | undefined {
  const long = SIDES.flatMap((side) =>
    pair[side].isOrdered
      ? []
      : pair[side].columns.filter((name) => findColumn(tables[side], name)?.isSortable === false),
  );
  return long.length === 0
    ? undefined
    : `the index has no order to read by (a hash, a prefix, invisible or ignored), and ${long[0]} is too long to be sorted by`;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => isSameName(name, b[i] ?? ''));
}
