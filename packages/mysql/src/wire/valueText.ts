/** A value of the binary protocol as the text of a key tuple. */
import type { KeyKind } from '@rowparity/contracts';
import { Fault } from '@rowparity/core';
import { WIRE_TYPE, type WireColumn } from './wireColumn.ts';

export function valueText(value: Buffer, column: WireColumn, kind: KeyKind): string {
  switch (kind) {
    case 'integer':
      return integerText(value, column);
    case 'binary':
      return value.toString('hex');
    case 'decimal':
    case 'text':
      return value.toString('utf8');
    case 'temporal':
      return temporalText(value, column);
  }
}

function integerText(value: Buffer, { isUnsigned, type }: WireColumn): string {
  // Integers of different widths are read as decimals, which are digits already.
  if (type === WIRE_TYPE.newDecimal) return value.toString('latin1');
  if (value.length === 8) return (isUnsigned ? value.readBigUInt64LE() : value.readBigInt64LE()).toString();
  if (value.length !== 1 && value.length !== 2 && value.length !== 4) {
    throw new Fault('invariant', {
      code: 'INTERNAL',
      message: `Expected an integer of 1, 2, 4 or 8 bytes; found ${value.length} (type ${type}).`,
    });
  }
  return (isUnsigned ? value.readUIntLE(0, value.length) : value.readIntLE(0, value.length)).toString();
}

/** 0, 4, 7 or 11 bytes: nothing, the date, the time of day, microseconds. Dates as `YYYY-MM-DD`. */
function temporalText(value: Buffer, column: WireColumn): string {
  const year = value.length >= 4 ? value.readUInt16LE(0) : 0;
  const date = `${pad(year, 4)}-${pad(value[2] ?? 0, 2)}-${pad(value[3] ?? 0, 2)}`;
  if (column.type === WIRE_TYPE.date) return date;
  const time = `${pad(value[4] ?? 0, 2)}:${pad(value[5] ?? 0, 2)}:${pad(value[6] ?? 0, 2)}`;
  const micros = value.length >= 11 ? value.readUInt32LE(7) : 0;
  return micros === 0 ? `${date} ${time}` : `${date} ${time}.${pad(micros, 6)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
