/** A value of the binary protocol as the text of a key tuple. */
import { isUtf8 } from 'node:buffer';
import { encodedText, Fault, type KeyKind } from '@rowparity/contracts';
import { WIRE_TYPE, type WireColumn } from './wireColumn.ts';

export interface KeyForm {
  readonly kind: KeyKind;
  /** Bytes that are no text come with a mark of one byte in front. */
  readonly isMarked: boolean;
}

export function valueText(value: Buffer, column: WireColumn, { kind, isMarked }: KeyForm): string {
  switch (kind) {
    case 'integer':
      return integerTextAt({ bytes: value, start: 0, end: value.length }, column);
    case 'binary':
      return value.toString('hex');
    case 'decimal':
      return value.toString('latin1');
    case 'double':
      return doubleText(value);
    case 'text':
      if (isUtf8(value)) return value.toString('utf8');
      return encodedText(isMarked ? markedBytes(value) : value);
    case 'temporal':
      return temporalText(value, column);
    case 'time':
      return timeText(value);
  }
}

/** Behind a mark that UTF-8 never has come the bytes of the column's own character set (readExpression.ts). */
const MARK_MIN = 0xfe;

function markedBytes(value: Buffer): Buffer {
  if ((value[0] as number) >= MARK_MIN) return value.subarray(1);
  const message = 'A server gave bytes for text in UTF-8 that are none.';
  throw new Fault('permanent', { code: 'PROTOCOL_BROKEN', message });
}

/** The shortest digits that lead back to the same number. A FLOAT comes as 4 bytes, a DOUBLE as 8. */
function doubleText(value: Buffer): string {
  return String(value.length === 4 ? value.readFloatLE() : value.readDoubleLE());
}

/** The integer that stands in bytes[start, end). */
export function integerTextAt(
  { bytes, start, end }: { readonly bytes: Buffer; readonly start: number; readonly end: number },
  { isUnsigned, type }: WireColumn,
): string {
  // Integers of different widths are read as decimals, which are digits already.
  if (type === WIRE_TYPE.newDecimal) return bytes.toString('latin1', start, end);
  const length = end - start;
  if (length === 8) return longText(bytes, start, isUnsigned);
  if (length !== 1 && length !== 2 && length !== 4) {
    throw new Fault('invariant', {
      code: 'INTERNAL',
      message: `Expected an integer of 1, 2, 4 or 8 bytes; found ${length} (type ${type}).`,
    });
  }
  return String(isUnsigned ? bytes.readUIntLE(start, length) : bytes.readIntLE(start, length));
}

/** Most integers of 8 bytes need no BigInt, which costs ten times as much. */
function longText(bytes: Buffer, start: number, isUnsigned: boolean): string {
  const high = bytes.readInt32LE(start + 4);
  if (high >= -HIGH_MAX && high < HIGH_MAX && !(isUnsigned && high < 0)) {
    return String(high * 2 ** 32 + bytes.readUInt32LE(start));
  }
  return String(isUnsigned ? bytes.readBigUInt64LE(start) : bytes.readBigInt64LE(start));
}

/** With upper halves below it, a number holds every digit. */
const HIGH_MAX = 2 ** 20;

/** 0, 4, 7 or 11 bytes: nothing, the date, the time of day, microseconds. Dates as `YYYY-MM-DD`. */
function temporalText(value: Buffer, column: WireColumn): string {
  const year = value.length >= 4 ? value.readUInt16LE(0) : 0;
  const date = `${pad(year, 4)}-${pad(value[2] ?? 0, 2)}-${pad(value[3] ?? 0, 2)}`;
  if (column.type === WIRE_TYPE.date) return date;
  const time = `${pad(value[4] ?? 0, 2)}:${pad(value[5] ?? 0, 2)}:${pad(value[6] ?? 0, 2)}`;
  const micros = value.length >= 11 ? value.readUInt32LE(7) : 0;
  return micros === 0 ? `${date} ${time}` : `${date} ${time}.${pad(micros, 6)}`;
}

/** 0, 8 or 12 bytes: nothing, sign, days, the time of day, microseconds. Hours go up to 838. */
function timeText(value: Buffer): string {
  if (value.length === 0) return '00:00:00';
  const hours = value.readUInt32LE(1) * 24 + (value[5] as number);
  const time = `${value[0] === 1 ? '-' : ''}${pad(hours, 2)}:${pad(value[6] ?? 0, 2)}:${pad(value[7] ?? 0, 2)}`;
  const micros = value.length >= 12 ? value.readUInt32LE(8) : 0;
  return micros === 0 ? time : `${time}.${pad(micros, 6)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
