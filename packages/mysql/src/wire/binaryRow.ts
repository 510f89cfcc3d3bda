/**
 * Finds the values inside a row of the binary protocol: 0x00, a NULL bitmap with two unused bits in front, then
 * every value that is not NULL. Source: MySQL's protocol documentation, "Binary Protocol Resultset Row".
 */
import type { ColumnValue } from '@rowparity/core';
import { WIRE_TYPE, type WireColumn } from './wireColumn.ts';

const NULL_BITMAP_OFFSET = 2;
/** 0 marks a value that says its own length. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  [WIRE_TYPE.tiny]: 1,
  [WIRE_TYPE.short]: 2,
  [WIRE_TYPE.year]: 2,
  [WIRE_TYPE.long]: 4,
  [WIRE_TYPE.int24]: 4,
  [WIRE_TYPE.float]: 4,
  [WIRE_TYPE.longlong]: 8,
  [WIRE_TYPE.double]: 8,
};

/** The first `count` values of the row whose content is bytes[start, end). Slices of `bytes`, not copies. */
export function rowValues(
  bytes: Buffer,
  start: number,
  columns: readonly WireColumn[],
  count = columns.length,
): ColumnValue[] {
  let at = start + 1 + ((columns.length + 7 + NULL_BITMAP_OFFSET) >> 3);
  const values: ColumnValue[] = [];
  for (let i = 0; i < count; i += 1) {
    const bit = i + NULL_BITMAP_OFFSET;
    if (((bytes[start + 1 + (bit >> 3)] as number) & (1 << (bit & 7))) !== 0) {
      values.push(null);
      continue;
    }
    const type = (columns[i] as WireColumn).type;
    const fixed = FIXED_BYTES[type];
    if (fixed !== undefined) {
      values.push(bytes.subarray(at, at + fixed));
      at += fixed;
      continue;
    }
    const isTemporal =
      type === WIRE_TYPE.date ||
      type === WIRE_TYPE.datetime ||
      type === WIRE_TYPE.timestamp ||
      type === WIRE_TYPE.time;
    const { length, next } = isTemporal
      ? { length: bytes[at] as number, next: at + 1 }
      : encodedLength(bytes, at);
    values.push(bytes.subarray(next, next + length));
    at = next + length;
  }
  return values;
}

/** A length-encoded integer: a value below 251, or 0xfc/0xfd/0xfe and 2/3/8 bytes. */
function encodedLength(bytes: Buffer, at: number): { length: number; next: number } {
  const first = bytes[at] as number;
  if (first < 0xfb) return { length: first, next: at + 1 };
  if (first === 0xfc) return { length: bytes.readUInt16LE(at + 1), next: at + 3 };
  if (first === 0xfd) return { length: bytes.readUIntLE(at + 1, 3), next: at + 4 };
  return { length: Number(bytes.readBigUInt64LE(at + 1)), next: at + 9 };
}
