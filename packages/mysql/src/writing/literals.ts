/**
 * Values as SQL literals that give the same value again on any server, and conditions that hold for exactly this value.
 * Statements with them run under the settings of `SESSION_LINES`.
 */
import { memberName } from '@rowparity/core';
import type { ValueForm } from '../showing/keyedValues.ts';
import { valueText } from '../wire/valueText.ts';
import { WIRE_TYPE } from '../wire/wireColumn.ts';

/** Settings under which the statements mean the same everywhere. */
export const SESSION_LINES: readonly string[] = [
  'SET NAMES utf8mb4;',
  "SET SESSION time_zone = '+00:00';",
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION';",
  'SET SESSION foreign_key_checks = 1, unique_checks = 1;',
];

/** Text that reads the same in every character set that servers store, and needs no escape. */
const PLAIN_TEXT = /^[ !#-&(-[\]-~]*$/;
/** Text by its characters. */
const TEXT = /^(char|varchar|tinytext|text|mediumtext|longtext|enum)\b/i;
/** Shown as text; their bytes are of no character set. */
const WITHOUT_CHARSET = /^(json|uuid|inet[46])\b/i;
/** No operator compares their bytes. */
const WITHOUT_EQUALITY =
  /^(vector|geometry|point|linestring|polygon|multi(point|linestring|polygon)|geom(etry)?collection)\b/i;

/** Of a value that is not NULL. */
export function literalOf(value: Buffer, form: ValueForm): string {
  const number = numberOf(value, form);
  if (number !== undefined) return number;
  const { wire, readAs, charset, type } = form;
  if (isMoment(wire.type)) return `'${valueText(value, wire, { kind: 'temporal', isMarked: false })}'`;
  if (wire.type === WIRE_TYPE.time) return `'${valueText(value, wire, { kind: 'time', isMarked: false })}'`;
  if (readAs === 'text' || WITHOUT_CHARSET.test(type)) return textLiteral(value, 'utf8mb4');
  return charset === undefined ? hexOf(value) : textLiteral(value, charset);
}

/** Holds for a value of these bytes alone: no collation, no rounding. */
export function isExactly(column: string, value: Buffer | null, form: ValueForm): string {
  if (value === null) return `${column} IS NULL`;
  const { type, charset, wire } = form;
  if (wire.type === WIRE_TYPE.bit) return `${column} + 0 = ${numberOf(value, form)}`;
  if (numberOf(value, form) !== undefined) return `${column} = ${literalOf(value, form)}`;
  if (isMoment(wire.type) || wire.type === WIRE_TYPE.time) return `${column} = ${literalOf(value, form)}`;
  if (WITHOUT_EQUALITY.test(type)) return `HEX(${column}) = '${value.toString('hex').toUpperCase()}'`;
  if (WITHOUT_CHARSET.test(type)) return `CAST(CAST(${column} AS CHAR) AS BINARY) = ${hexOf(value)}`;
  return charset === undefined
    ? `${column} = ${hexOf(value)}`
    : `CAST(${column} AS BINARY) = ${hexOf(value)}`;
}

/**
 * The same for a value that was written from another column, which may store it otherwise: text by the characters that
 * it has, all else as the server compares it.
 */
export function isWritten(column: string, value: Buffer, { form, type }: WrittenForm): string {
  const isText = TEXT.test(form.type) && TEXT.test(type);
  if (isText && form.readAs === 'plain') return isExactly(column, value, form);
  if (isText && form.readAs === 'text')
    return `CAST(CONVERT(${column} USING utf8mb4) AS BINARY) = ${hexOf(value)}`;
  return `${column} = ${literalOf(value, form)}`;
}

export interface WrittenForm {
  /** Of the value, where it was read. */
  readonly form: ValueForm;
  /** Of the column that it was written to. */
  readonly type: string;
}

/** Undefined for what is no number. */
function numberOf(value: Buffer, { type, readAs, wire }: ValueForm): string | undefined {
  if (readAs === 'number') {
    const number = valueText(value, wire, { kind: 'integer', isMarked: false });
    const name = memberName(type, BigInt(number));
    return name === undefined ? number : textLiteral(Buffer.from(name), 'utf8mb4');
  }
  switch (wire.type) {
    case WIRE_TYPE.newDecimal:
      return value.toString('latin1');
    case WIRE_TYPE.tiny:
    case WIRE_TYPE.short:
    case WIRE_TYPE.int24:
    case WIRE_TYPE.long:
    case WIRE_TYPE.longlong:
    case WIRE_TYPE.year:
      return valueText(value, wire, { kind: 'integer', isMarked: false });
    case WIRE_TYPE.float:
      return doubleLiteral(value.readFloatLE());
    case WIRE_TYPE.double:
      return doubleLiteral(value.readDoubleLE());
    case WIRE_TYPE.bit:
      return BigInt(`0x0${value.toString('hex')}`).toString();
    default:
      return undefined;
  }
}

/** With an exponent: without one it would be a decimal. A FLOAT is a DOUBLE with the same value. */
function doubleLiteral(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /e/i.test(text) ? text : `${text}e0`;
}

function isMoment(type: number): boolean {
  return type === WIRE_TYPE.date || type === WIRE_TYPE.datetime || type === WIRE_TYPE.timestamp;
}

function textLiteral(value: Buffer, charset: string): string {
  const text = value.toString('latin1');
  const isWide = /^(ucs2|utf16|utf16le|utf32)$/.test(charset);
  if (!isWide && PLAIN_TEXT.test(text)) return `'${text}'`;
  return value.length === 0 ? "''" : `_${charset} ${hexOf(value)}`;
}

function hexOf(value: Buffer): string {
  return `X'${value.toString('hex').toUpperCase()}'`;
}
