/**
 * The WHERE of a key range, in a form that both MySQL's and MariaDB's range optimizers turn into one index range.
 * `(a, b) > (?, ?)` scans the whole index there, so it is written out as a > ? OR (a = ? AND b > ?), with the
 * redundant a >= ? in front (measured; see docs/planning.md).
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import { type KeyParameter, keyParameter, type NamedKeyColumn } from './keyColumn.ts';
import { quoted } from './quoted.ts';

export interface Condition {
  /** The condition with every parameter shown as asked: as `?` or as a literal. '' when both ends are open. */
  sql(show: (parameter: KeyParameter) => string): string;
  /** In the order of their places. */
  readonly parameters: readonly KeyParameter[];
}

const UNBOUNDED: Condition = { sql: () => '', parameters: [] };

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
  const column = key[0] as NamedKeyColumn;
  const parameter = keyParameter(column, from);
  const rest = rangeCondition(key, range);
  return {
    sql: (show) =>
      [`${quoted(column.name)} >= ${show(parameter)}`, rest.sql(show)].filter(Boolean).join(' AND '),
    parameters: [parameter, ...rest.parameters],
  };
}

/** A bound may be a prefix of the key: then only the columns that it has are compared. */
function beyond(key: readonly NamedKeyColumn[], bound: KeyTuple, operator: '>' | '<='): Condition {
  const strict = operator === '>' ? '>' : '<';
  const last = bound.length - 1;
  return bound.reduceRight<Condition>((inner, text, i) => {
    const column = quoted((key[i] as NamedKeyColumn).name);
    const parameter = keyParameter(key[i] as NamedKeyColumn, text);
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
  const tuples = keys.map((tuple) => tuple.map((text, i) => keyParameter(key[i] as NamedKeyColumn, text)));
  const names = key.map(({ name }) => quoted(name));
  const one = (tuple: readonly KeyParameter[], show: (parameter: KeyParameter) => string) =>
    `(${tuple.map((parameter, i) => `${names[i]} = ${show(parameter)}`).join(' AND ')})`;
  return {
    sql: (show) =>
      names.length === 1
        ? `${names[0]} IN (${tuples.map(([parameter]) => show(parameter as KeyParameter)).join(', ')})`
        : tuples.map((tuple) => one(tuple, show)).join(' OR '),
    parameters: tuples.flat(),
  };
}
