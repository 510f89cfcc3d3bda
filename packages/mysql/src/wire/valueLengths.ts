/**
 * How long the values of a column are on the wire. Source: MySQL's protocol documentation, "Binary Protocol Value".
 */
import { WIRE_TYPE } from './wireColumn.ts';

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

/** 0: the length is encoded in front of the value. The others are times: one byte, and few lengths are possible. */
export type LengthKind = 0 | 1 | 2 | 3;
export const LENGTH_KINDS: readonly LengthKind[] = [0, 1, 2, 3];

const TIME_LENGTHS: Readonly<Record<LengthKind, readonly number[] | undefined>> = {
  0: undefined,
  1: [0, 4],
  2: [0, 4, 7, 11],
  3: [0, 8, 12],
};
const KIND_OF: Readonly<Record<number, LengthKind>> = {
  [WIRE_TYPE.date]: 1,
  [WIRE_TYPE.datetime]: 2,
  [WIRE_TYPE.timestamp]: 2,
  [WIRE_TYPE.time]: 3,
};

/** 0 for a type whose values have a length of their own. */
export function fixedBytes(type: number): number {
  return FIXED_BYTES[type] ?? 0;
}

export function lengthKind(type: number): LengthKind {
  return KIND_OF[type] ?? 0;
}

/** Undefined: any. */
export function possibleLengths(kind: LengthKind): readonly number[] | undefined {
  return TIME_LENGTHS[kind];
}
