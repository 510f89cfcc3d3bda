/**
 * Chooses the key that a table pair is compared by: the primary key, or a unique key of NOT NULL columns, the same
 * columns in the same order on both sides.
 */
import type { Failure, KeyColumn, KeyKind } from '@rowparity/contracts';
import type { CatalogColumn, CatalogIndex, CatalogTable } from '../ports/catalog.ts';
import { mapSides, SIDES, type Sides } from '../sides.ts';
import { findColumn, isSameName } from './columnNames.ts';
import { isNumbered } from './columnRule.ts';

export interface ChosenKey {
  readonly columns: readonly ChosenKeyColumn[];
  /** Null where rows cannot be read in the order of an index, but are few enough to be sorted. */
  readonly indexes: Sides<string | null>;
}

export interface ChosenKeyColumn extends Omit<KeyColumn, 'column'> {
  /** Of the base. */
  readonly name: string;
}

const KIND_BY_TYPE: Readonly<Record<string, KeyKind>> = {
  ...kindOfTypes('integer', 'tinyint smallint mediumint int bigint year bit enum set'),
  ...kindOfTypes('decimal', 'decimal'),
  ...kindOfTypes('double', 'float double'),
  ...kindOfTypes('binary', 'binary varbinary'),
  ...kindOfTypes('text', 'char varchar uuid inet4 inet6'),
  ...kindOfTypes('temporal', 'date datetime timestamp'),
  ...kindOfTypes('time', 'time'),
};

/** What a sort looks at (sessionVariables.ts): a longer value could stand anywhere among its like. */
const SORTED_BYTES_MAX = 4096;
const BYTES_OF_A_CHARACTER = 4;

/** From a column of the base to its name on the target. */
export type TargetName = (baseName: string) => string;

export function chooseKey(
  tables: Sides<CatalogTable>,
  wanted: readonly string[] | undefined,
  targetName: TargetName,
): ChosenKey | Failure {
  const problems: string[] = [];
  for (const index of tables.base.uniqueIndexes) {
    if (wanted && !sameNames(index.columns, wanted)) continue;
    const chosen = tryKey(tables, index, targetName);
    if (typeof chosen !== 'string') return chosen;
    problems.push(`${index.name}: ${chosen}`);
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

/** The key, or what stands in its way. */
function tryKey(
  tables: Sides<CatalogTable>,
  index: CatalogIndex,
  targetName: TargetName,
): ChosenKey | string {
  if (index.problem !== undefined) return index.problem;
  const partner = tables.target.uniqueIndexes.find(
    (other) => other.problem === undefined && sameNames(other.columns, index.columns.map(targetName)),
  );
  const columns: ChosenKeyColumn[] = [];
  for (const name of index.columns) {
    const pair = { base: findColumn(tables.base, name), target: findColumn(tables.target, targetName(name)) };
    const column = keyColumn(pair, name);
    if (typeof column === 'string') return column;
    columns.push(column);
  }
  if (!partner) return 'the target has no unique key of the same columns in this order';
  return orderedKey({ base: index, target: partner }, columns, tables);
}

/** Without an index in the order of the key, the server sorts rows each time; that needs keys it looks at whole. */
function orderedKey(
  pair: Sides<CatalogIndex>,
  columns: readonly ChosenKeyColumn[],
  tables: Sides<CatalogTable>,
): ChosenKey | string {
  const long = SIDES.flatMap((side) =>
    pair[side].isOrdered
      ? []
      : pair[side].columns.filter((name) => !isSortable(findColumn(tables[side], name))),
  );
  if (long.length > 0) {
    return `the index has no order to read by (a hash, a prefix, invisible or ignored), and ${long[0]} is too long to be sorted by`;
  }
  return { columns, indexes: mapSides(pair, ({ name, isOrdered }) => (isOrdered ? name : null)) };
}

function isSortable(column: CatalogColumn | undefined): boolean {
  const [, length] = /^(?:var)?(?:char|binary)\((\d+)\)/i.exec(column?.type ?? '') ?? [];
  const bytes = column?.charset === null ? 1 : BYTES_OF_A_CHARACTER;
  return length === undefined || Number(length) * bytes <= SORTED_BYTES_MAX;
}

/** The column as part of a key, or what stands in its way. */
function keyColumn(
  { base, target }: Sides<CatalogColumn | undefined>,
  name: string,
): ChosenKeyColumn | string {
  if (!base || !target) return `column ${name} is missing on one side`;
  if (base.isNullable || target.isNullable) return `column ${name} can be NULL`;
  const kinds = [KIND_BY_TYPE[base.dataType], KIND_BY_TYPE[target.dataType]];
  const [kind, other] = kinds;
  if (!kind || !other) {
    return `column ${name} has type ${kind ? target.type : base.type}, which cannot be part of a key`;
  }
  const isDigits = kinds.every((one) => one === 'integer' || one === 'decimal');
  if (!isNumbered({ base, target }) && !(isDigits && !hasMembers(base) && !hasMembers(target))) {
    const problem = orderProblem({ base, target }, name);
    if (problem) return problem;
  }
  if (isDigits) return { name, kind: kind === other ? kind : 'decimal' };
  if (kind !== 'text') return { name, kind };
  return base.collation === null || target.collation === null
    ? { name, kind }
    : { name, kind, collations: { base: base.collation, target: target.collation } };
}

/** What makes the two sides sort their keys differently. */
function orderProblem({ base, target }: Sides<CatalogColumn>, name: string): string | undefined {
  if (base.collation !== target.collation) {
    const [a, b] = [base.collation ?? 'no collation', target.collation ?? 'no collation'];
    return `column ${name} sorts differently on the two sides (${a} and ${b})`;
  }
  const isOneKind = KIND_BY_TYPE[base.dataType] === KIND_BY_TYPE[target.dataType];
  // A UUID, an address and the members of an ENUM have an order of their own.
  const hasOwnOrder = [base, target].some((column) => OWN_ORDER.has(column.dataType));
  if (isOneKind && (!hasOwnOrder || base.type === target.type)) return undefined;
  return `column ${name} is ${base.type} on the base and ${target.type} on the target`;
}

const OWN_ORDER: ReadonlySet<string> = new Set(['uuid', 'inet4', 'inet6', 'enum', 'set']);

function hasMembers({ dataType }: CatalogColumn): boolean {
  return dataType === 'enum' || dataType === 'set';
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => isSameName(name, b[i] ?? ''));
}

function kindOfTypes(kind: KeyKind, types: string): Record<string, KeyKind> {
  return Object.fromEntries(types.split(' ').map((type) => [type, kind]));
}
