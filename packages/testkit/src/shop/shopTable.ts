// What the shop knows about each of its tables: how to make it, fill it, and damage it. Types and the small
// functions that follow from them; the tables themselves are in files of their own.

import type { SeededRandom } from '../random/seededRandom.ts';

/** Decimal digits for an integer column, lower-case hex for a binary one; in the order of the key's columns. */
export type KeyValues = readonly string[];

export interface KeyColumn {
  readonly name: string;
  readonly kind: 'integer' | 'binary';
}

/** An SQL expression over the row's own columns whose value always differs from the column's. */
export interface Mutation {
  readonly column: string;
  readonly expression: string;
}

export interface ShopTable {
  readonly name: string;
  /** Of all the rows of the shop, this part is here. */
  readonly share: number;
  readonly ddl: string;
  readonly key: readonly KeyColumn[];
  /** So many keys, ascending, none of them a stranger. */
  readonly keys: (count: number, random: SeededRandom) => Iterable<KeyValues>;
  /** SQL literals of the columns after the key, joined by commas. Its length is below 2 KiB. */
  readonly values: (key: KeyValues, random: SeededRandom) => string;
  /** Keys that the filled table never has: below its smallest, among its keys, above its largest. */
  readonly strangers: Readonly<Record<StrangerPlace, (random: SeededRandom, rowCount: number) => KeyValues>>;
  readonly mutations: readonly Mutation[];
}

export type StrangerPlace = 'below' | 'between' | 'above';

export function rowLiteral(table: ShopTable, key: KeyValues, random: SeededRandom): string {
  return `(${keyLiterals(table, key).join(',')},${table.values(key, random)})`;
}

export function whereKey(table: ShopTable, key: KeyValues): string {
  const literals = keyLiterals(table, key);
  return table.key.map(({ name }, index) => `${name} = ${literals[index]}`).join(' AND ');
}

/** The key as a report would name it: column to text. */
export function keyRecord(table: ShopTable, key: KeyValues): Record<string, string> {
  return Object.fromEntries(table.key.map(({ name }, index) => [name, key[index] ?? '']));
}

/** A select list that yields KeyValues on every server. */
export function keySelectList(table: ShopTable): string {
  return table.key
    .map(({ name, kind }) => (kind === 'binary' ? `LOWER(HEX(${name}))` : `CAST(${name} AS CHAR)`))
    .join(', ');
}

function keyLiterals(table: ShopTable, key: KeyValues): string[] {
  return table.key.map(({ kind }, index) => (kind === 'binary' ? `x'${key[index]}'` : `${key[index]}`));
}
