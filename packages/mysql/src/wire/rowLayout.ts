/**
 * How the values of a row lie in it: 0x00, a bitmap of the NULLs with two unused bits in front, then every value that
 * is not NULL. Source: MySQL's protocol documentation, "Binary Protocol Resultset Row".
 *
 * Every row is walked once, when it comes, also where nothing of it is decoded later: two servers that break the
 * protocol in the same way send equal bytes, and these would be a match of rows that are none. Fixed values are skipped
 * together, so that a row costs a step for each value of variable length.
 */
import { encodedLength } from './encodedLength.ts';
import { WIRE_TYPE, type WireColumn } from './wireColumn.ts';

const NULL_BITMAP_OFFSET = 2;
const UNUSED_BITS = 0b11;
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
/** Bit n: a value of n bytes is possible, with its length in one byte. 0: the length is encoded. */
const DATE_LENGTHS = (1 << 0) | (1 << 4);
const DATETIME_LENGTHS = DATE_LENGTHS | (1 << 7) | (1 << 11);
const TIME_LENGTHS = (1 << 0) | (1 << 8) | (1 << 12);
const LENGTHS: Readonly<Record<number, number>> = {
  [WIRE_TYPE.date]: DATE_LENGTHS,
  [WIRE_TYPE.datetime]: DATETIME_LENGTHS,
  [WIRE_TYPE.timestamp]: DATETIME_LENGTHS,
  [WIRE_TYPE.time]: TIME_LENGTHS,
};
const LENGTH_MAX = 12;

export class RowLayout {
  /** Where the first value begins, from the row's start. */
  readonly headBytes: number;
  /** By column; 0 where the value has a length of its own. */
  readonly #fixed: Uint8Array;
  readonly #lengths: Uint16Array;
  /** Of the values with a length of their own: fixed bytes in front of each, and its possible lengths. */
  readonly #skips: number[] = [];
  readonly #variable: number[] = [];
  /** Fixed bytes behind the last of them. */
  #rest = 0;
  readonly #keyColumns: number;
  /** Bits of the bitmap's last byte that belong to no column. */
  readonly #bitsBehind: number;

  constructor(columns: readonly WireColumn[], keyColumns: number) {
    const bits = columns.length + NULL_BITMAP_OFFSET;
    this.headBytes = 1 + ((bits + 7) >> 3);
    this.#bitsBehind = bits % 8 === 0 ? 0 : (0xff << (bits % 8)) & 0xff;
    this.#keyColumns = keyColumns;
    this.#fixed = Uint8Array.from(columns, ({ type }) => FIXED_BYTES[type] ?? 0);
    this.#lengths = Uint16Array.from(columns, ({ type }) => LENGTHS[type] ?? 0);
    for (const [i, fixed] of this.#fixed.entries()) {
      this.#rest += fixed;
      if (fixed !== 0) continue;
      this.#skips.push(this.#rest);
      this.#variable.push(this.#lengths[i] as number);
      this.#rest = 0;
    }
  }

  /** The row bytes[start, end) is whole, with nothing left behind its last value. */
  isSound(bytes: Buffer, start: number, end: number): boolean {
    let at = start + this.headBytes;
    if (at > end || bytes[start] !== 0) return false;
    let nulls = 0;
    for (let i = start + 1; i < at; i += 1) nulls |= bytes[i] as number;
    if (nulls !== 0) return this.#isSoundWithNulls(bytes, start, end);
    const variable = this.#variable;
    for (let i = 0; i < variable.length; i += 1) {
      at += this.#skips[i] as number;
      at = valueEnd(bytes, { at, end, lengths: variable[i] as number });
      if (at < 0) return false;
    }
    return at + this.#rest === end;
  }

  #isSoundWithNulls(bytes: Buffer, start: number, end: number): boolean {
    let at = start + this.headBytes;
    if (((bytes[start + 1] as number) & UNUSED_BITS) !== 0) return false;
    if (((bytes[at - 1] as number) & this.#bitsBehind) !== 0) return false;
    for (let i = 0; i < this.#fixed.length; i += 1) {
      if (isNull(bytes, start, i)) {
        if (i < this.#keyColumns) return false;
        continue;
      }
      const fixed = this.#fixed[i] as number;
      if (fixed !== 0) at += fixed;
      else {
        at = valueEnd(bytes, { at, end, lengths: this.#lengths[i] as number });
        if (at < 0) return false;
      }
    }
    return at === end;
  }

  /** The content of a column that is not NULL and begins at `at`. */
  valueAt(bytes: Buffer, column: number, at: number): { readonly start: number; readonly end: number } {
    const fixed = this.#fixed[column] as number;
    if (fixed !== 0) return { start: at, end: at + fixed };
    if (this.#lengths[column] !== 0) return { start: at + 1, end: at + 1 + (bytes[at] as number) };
    return encodedLength(bytes, at, bytes.length) ?? { start: at, end: at };
  }
}

const layouts = new WeakMap<readonly WireColumn[], RowLayout>();

/** One layout for all rows of a result set. */
export function rowLayout(columns: readonly WireColumn[], keyColumns = 0): RowLayout {
  const known = layouts.get(columns);
  if (known) return known;
  const layout = new RowLayout(columns, keyColumns);
  layouts.set(columns, layout);
  return layout;
}

export function isNull(bytes: Buffer, start: number, column: number): boolean {
  const bit = column + NULL_BITMAP_OFFSET;
  return ((bytes[start + 1 + (bit >> 3)] as number) & (1 << (bit & 7))) !== 0;
}

/** Where the value at `at` ends; −1 when it cannot lie there. May be beyond `end`, which the caller sees at the end. */
function valueEnd(
  bytes: Buffer,
  { at, end, lengths }: { readonly at: number; readonly end: number; readonly lengths: number },
): number {
  if (at >= end) return -1;
  const first = bytes[at] as number;
  if (lengths !== 0) return first <= LENGTH_MAX && ((lengths >> first) & 1) === 1 ? at + 1 + first : -1;
  return first < 0xfb ? at + 1 + first : (encodedLength(bytes, at, end)?.end ?? -1);
}
