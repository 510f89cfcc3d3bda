/** One column of a key: its kind, and whether both servers sort by it alike. */
import type { KeyColumn, KeyKind } from '@rowparity/contracts';
import type { CatalogColumn } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';
import { isNumbered } from './columnRule.ts';

export interface ChosenKeyColumn extends Omit<KeyColumn, 'column'> {
  /** Of the base. */
  readonly name: string;
}

export type KeyColumnChoice =
  | { readonly kind: 'ordered'; readonly column: ChosenKeyColumn }
  /** It tells rows apart, but the servers sort by it differently. */
  | { readonly kind: 'unordered'; readonly column: ChosenKeyColumn; readonly why: string }
  | { readonly kind: 'unusable'; readonly why: string };

const KIND_BY_TYPE: Readonly<Record<string, KeyKind>> = {
  ...kindOfTypes('integer', 'tinyint smallint mediumint int bigint year bit enum set'),
  ...kindOfTypes('decimal', 'decimal'),
  ...kindOfTypes('double', 'float double'),
  ...kindOfTypes('binary', 'binary varbinary tinyblob blob mediumblob longblob'),
  ...kindOfTypes('text', 'char varchar uuid inet4 inet6 tinytext text mediumtext longtext'),
  ...kindOfTypes('temporal', 'date datetime timestamp'),
  ...kindOfTypes('time', 'time'),
};

/** A UUID, an address and the members of an ENUM have an order of their own. */
const OWN_ORDER: ReadonlySet<string> = new Set(['uuid', 'inet4', 'inet6', 'enum', 'set']);

/** Collations that MariaDB and MySQL have from their common past, and order alike. */
const OF_BOTH_SERVERS =
  /_(bin|general_ci|unicode_ci|unicode_520_ci|swedish_ci|german1_ci|chinese_ci|japanese_ci|korean_ci)$/;

export function keyColumn(
  { base, target }: Sides<CatalogColumn | undefined>,
  { name, isOneServer }: { readonly name: string; readonly isOneServer: boolean },
): KeyColumnChoice {
  if (!base || !target) return { kind: 'unusable', why: `column ${name} is missing on one side` };
  if (base.isNullable || target.isNullable) return { kind: 'unusable', why: `column ${name} can be NULL` };
  const kinds = [KIND_BY_TYPE[base.dataType], KIND_BY_TYPE[target.dataType]];
  const [kind, other] = kinds;
  if (!kind || !other) {
    const type = kind ? target.type : base.type;
    return { kind: 'unusable', why: `column ${name} has type ${type}, which cannot be part of a key` };
  }
  if (isNumbered({ base, target })) return { kind: 'ordered', column: { name, kind: 'integer' } };
  if (isDigits(base) && isDigits(target)) {
    return { kind: 'ordered', column: { name, kind: kind === other ? kind : 'decimal' } };
  }
  const why = orderProblem({ base, target }, { name, isOneServer });
  if (why === undefined) return { kind: 'ordered', column: orderedColumn({ base, target }, name) };
  // Compared as text, also where it is stored otherwise.
  const hasText = [base, target].some((column) => column.charset !== null || OWN_ORDER.has(column.dataType));
  return { kind: 'unordered', column: { name, kind: hasText ? 'text' : kind }, why };
}

function orderedColumn({ base, target }: Sides<CatalogColumn>, name: string): ChosenKeyColumn {
  const kind = KIND_BY_TYPE[base.dataType] as KeyKind;
  if (kind !== 'text' || base.collation === null || target.collation === null) return { name, kind };
  return { name, kind, collations: { base: base.collation, target: target.collation } };
}

/**
 * What makes the two sides sort their keys differently. Collations that nearly agree do not help: a boundary between
 * two shards may then go backwards on one side, and rows would be counted twice.
 */
function orderProblem(
  { base, target }: Sides<CatalogColumn>,
  { name, isOneServer }: { readonly name: string; readonly isOneServer: boolean },
): string | undefined {
  if (!isOneServer && base.collation !== null && !OF_BOTH_SERVERS.test(base.collation)) {
    return `column ${name} is sorted by ${base.collation}, which MySQL and MariaDB order differently`;
  }
  if (base.collation !== target.collation) {
    const [a, b] = [base.collation ?? 'no collation', target.collation ?? 'no collation'];
    return `column ${name} sorts differently on the two sides (${a} and ${b})`;
  }
  const isOneKind = KIND_BY_TYPE[base.dataType] === KIND_BY_TYPE[target.dataType];
  const hasOwnOrder = [base, target].some((column) => OWN_ORDER.has(column.dataType));
  if (isOneKind && (!hasOwnOrder || base.type === target.type)) return undefined;
  return `column ${name} is ${base.type} on the base and ${target.type} on the target`;
}

function isDigits({ dataType }: CatalogColumn): boolean {
  const kind = KIND_BY_TYPE[dataType];
  return (kind === 'integer' || kind === 'decimal') && !OWN_ORDER.has(dataType);
}

function kindOfTypes(kind: KeyKind, types: string): Record<string, KeyKind> {
  return Object.fromEntries(types.split(' ').map((type) => [type, kind]));
}
