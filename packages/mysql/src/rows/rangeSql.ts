/**
 * The WHERE of a key range, in a form that both MySQL's and MariaDB's range optimizers turn into one index range.
 * `(a, b) > (?, ?)` scans the whole index there, so it is written out as a > ? OR (a = ? AND b > ?), with the
 * redundant a >= ? in front (measured; see docs/planning.md).
 */
import type { KeyKind, KeyRange, KeyTuple } from '@rowparity/contracts';
import type { Parameter } from '../wire/executePacket.ts';
import { quoted } from './quoted.ts';

export interface NamedKeyColumn {
  readonly name: string;
  readonly kind: KeyKind;
}

export interface Condition {
  /** The condition with every parameter shown as asked: as `?` or as a literal. '' when both ends are open. */
  sql(show: (parameter: Parameter) => string): string;
  /** In the order of their places. */
  readonly parameters: readonly Parameter[];
}

export const UNBOUNDED: Condition = { sql: () => '', parameters: [] };

export function rangeCondition(key: readonly NamedKeyColumn[], range: KeyRange): Condition {
  const parts = [
    range.after ? beyond(key, range.after, '>') : undefined,
    range.upTo ? beyond(key, range.upTo, '<=') : undefined,
  ].filter((part) => part !== undefined);
  return {
    sql: (show) => parts.map((part) => part.sql(show)).join(' AND '),
    parameters: parts.flatMap((part) => part.parameters),
  };
}

/** The range, from a value of the key's first column on. */
export function rangeFrom(key: readonly NamedKeyColumn[], range: KeyRange, from: string): Condition {
  const { name, kind } = key[0] as NamedKeyColumn;
  const parameter = { kind, text: from };
  const rest = rangeCondition(key, range);
  return {
    sql: (show) => [`${quoted(name)} >= ${show(parameter)}`, rest.sql(show)].filter(Boolean).join(' AND '),
    parameters: [parameter, ...rest.parameters],
  };
}

/** A bound may be a prefix of the key: then only the columns that it has are compared. */
function beyond(key: readonly NamedKeyColumn[], bound: KeyTuple, operator: '>' | '<='): Condition {
  const strict = operator === '>' ? '>' : '<';
  const last = bound.length - 1;
  return bound.reduceRight<Condition>((inner, text, i) => {
    const { name, kind } = key[i] as NamedKeyColumn;
    const column = quoted(name);
    const parameter = { kind, text };
    if (i === last)
      return { sql: (show) => `${column} ${operator} ${show(parameter)}`, parameters: [parameter] };
    return {
      sql: (show) => {
        const value = show(parameter);
        return `${column} ${strict}= ${value} AND (${column} ${strict} ${value} OR (${column} = ${value} AND ${inner.sql(show)}))`;
      },
      parameters: [parameter, parameter, parameter, ...inner.parameters],
    };
  }, UNBOUNDED);
}

/** Exactly these keys. */
export function keysCondition(key: readonly NamedKeyColumn[], keys: readonly KeyTuple[]): Condition {
  const tuples = keys.map((tuple) =>
    tuple.map((text, i) => ({ kind: (key[i] as NamedKeyColumn).kind, text })),
  );
  const names = key.map(({ name }) => quoted(name));
  const one = (tuple: readonly Parameter[], show: (parameter: Parameter) => string) =>
    `(${tuple.map((parameter, i) => `${names[i]} = ${show(parameter)}`).join(' AND ')})`;
  return {
    sql: (show) =>
      names.length === 1
        ? `${names[0]} IN (${tuples.map(([parameter]) => show(parameter as Parameter)).join(', ')})`
        : tuples.map((tuple) => one(tuple, show)).join(' OR '),
    parameters: tuples.flat(),
  };
}

/** As a `?` of a prepared statement. */
export function asPlaceholder(): string {
  return '?';
}
