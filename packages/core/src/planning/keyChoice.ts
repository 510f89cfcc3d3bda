/**
 * Chooses the key that a table pair is compared by: the primary key, or a unique key of NOT NULL columns, the same
 * columns in the same order on both sides.
 */
import type { Failure, KeyKind } from '@rowparity/contracts';
import type { CatalogColumn, CatalogIndex, CatalogTable } from '../ports/catalog.ts';
import type { Sides } from '../sides.ts';
import { findColumn, isSameName } from './columnNames.ts';

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
  if (!index.isPlain) return 'has a prefix, an expression or a descending part';
  const columns: { name: string; kind: KeyKind }[] = [];
  for (const name of index.columns) {
    const pair = { base: findColumn(tables.base, name), target: findColumn(tables.target, targetName(name)) };
    const kind = kindOf(pair, name);
    if (kind.problem !== undefined) return kind.problem;
    columns.push({ name, kind: kind.kind });
  }
  const partner = tables.target.uniqueIndexes.find(
    (other) => other.isPlain && sameNames(other.columns, index.columns.map(targetName)),
  );
  if (!partner) return 'the target has no unique key of the same columns in this order';
  return { columns, indexes: { base: index.name, target: partner.name } };
}

type KindOrProblem = { readonly kind: KeyKind; readonly problem?: undefined } | { readonly problem: string };

function kindOf({ base, target }: Sides<CatalogColumn | undefined>, name: string): KindOrProblem {
  if (!base || !target) return { problem: `column ${name} is missing on one side` };
  if (base.isNullable || target.isNullable) return { problem: `column ${name} can be NULL` };
  const kinds = [KIND_BY_TYPE[base.dataType], KIND_BY_TYPE[target.dataType]];
  const [kind, other] = kinds;
  if (!kind || !other) {
    return {
      problem: `column ${name} has type ${kind ? target.type : base.type}, which cannot be part of a key`,
    };
  }
  if (base.collation !== target.collation) {
    const [a, b] = [base.collation ?? 'no collation', target.collation ?? 'no collation'];
    return { problem: `column ${name} sorts differently on the two sides (${a} and ${b})` };
  }
  if (kind === other) return { kind };
  if (kinds.every((one) => one === 'integer' || one === 'decimal')) return { kind: 'decimal' };
  return { problem: `column ${name} is ${base.type} on the base and ${target.type} on the target` };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => isSameName(name, b[i] ?? ''));
}
