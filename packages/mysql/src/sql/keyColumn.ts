/** The columns of a key on one side, and their values as parameters of a statement. */
import { encodedBytes, type KeyKind, type TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import type { Parameter } from '../wire/executePacket.ts';

export interface NamedKeyColumn {
  readonly name: string;
  readonly kind: KeyKind;
  /** Only of text. */
  readonly collation: string | undefined;
  /** Bytes that are no text come with a mark in front. */
  readonly isMarked: boolean;
}

/** A value of a key, on its way into a statement. */
export interface KeyParameter extends Parameter {
  readonly collation: string | undefined;
}

export function keyColumns(plan: TablePlan, side: Side): readonly NamedKeyColumn[] {
  return plan.key.map(({ column, kind, collations }) => {
    const compared = plan.columns[column];
    const isMarked = compared?.readAs.kind === 'text';
    return { name: compared?.names[side] ?? '', kind, collation: collations?.[side], isMarked };
  });
}

export function keyParameter({ kind, collation }: NamedKeyColumn, text: string): KeyParameter {
  return { kind, text, collation };
}

/** As a `?` of a prepared statement; bytes that are no text are turned into the column's own character set. */
export function asPlaceholder(parameter: KeyParameter): string {
  return inCharset(parameter, '?');
}

/** `binary`: the SQL of the value's bytes. */
function inCharset({ kind, text, collation }: KeyParameter, value: string): string {
  if (kind !== 'text' || collation === undefined || encodedBytes(text) === undefined) return value;
  // The name of a collation begins with that of its character set.
  return `CONVERT(CAST(${value} AS BINARY) USING ${collation.split('_')[0]}) COLLATE ${collation}`;
}

/** As a literal, for statements that cannot be prepared, such as EXPLAIN on some servers. */
export function keyLiteral(parameter: KeyParameter, quote: (text: string) => string): string {
  const { kind, text } = parameter;
  switch (kind) {
    case 'integer':
    case 'decimal':
      return checkedNumber(text);
    case 'double':
      return checkedNumber(/e/i.test(text) ? text : `${text}e0`);
    case 'binary':
      return hexLiteral(text);
    case 'text': {
      const hex = encodedBytes(text);
      return hex === undefined ? quote(text) : inCharset(parameter, hexLiteral(hex));
    }
    case 'temporal':
    case 'time':
      return quote(text);
  }
}

function hexLiteral(hex: string): string {
  return `X'${Buffer.from(hex, 'hex').toString('hex')}'`;
}

function checkedNumber(text: string): string {
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) throw new Error('Expected a number in decimal digits.');
  return text;
}
