/**
 * How the values of a row lie in it: 0x00, a bitmap of the NULLs with two unused bits in front, then every value that
 * is not NULL. Source: MySQL's protocol documentation, "Binary Protocol Resultset Row".
 *
 * Every row is walked once, even when it is not decoded: two servers that break the protocol in the same way send equal
 * bytes, and these would count as matching rows. Fixed values are skipped together, so a row costs one step for each
 * value of variable length.
 */
import { encodedLength } from './encodedLength.ts';
import type { RowMemory } from './packetMemory.ts';
import { WIRE_TYPE, type WireColumn } from './wireColumn.ts';

const NULL_BITMAP_OFFSET = 2;
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
const WORD_BYTES = 4;
/** No row has it: a row begins with 0. */
const NO_HEAD = -1;
/** Bytes of a bitmap that is a small number: as many columns as most tables have. */
const PATTERN_BYTES_MAX = 3;
/** Walks that are kept, by the last bits of their pattern; a power of two. */
const WALKS = 256;

/** How to walk a row with a certain pattern of NULLs. */
interface Walk {
  readonly pattern: number;
  /** False: no row can have this pattern. */
  readonly isPossible: boolean;
  /** For each value with a length of its own: fixed bytes in front of it, and its possible lengths. */
  readonly steps: Int32Array;
  /** Fixed bytes behind the last of them. */
  readonly rest: number;
}

export interface AlikeRows {
  readonly bytes: number;
  readonly mask: number;
  readonly head: number;
}

const NO_WALK: Walk = { pattern: -1, isPossible: false, steps: new Int32Array(0), rest: 0 };

export class RowLayout {
  /** Where the first value begins, from the row's start. */
  readonly headBytes: number;
  /** By column; 0 where the value has a length of its own. */
  readonly #fixed: readonly number[];
  readonly #lengths: readonly number[];
  readonly #keyColumns: number;
  readonly #walks: Walk[] = new Array(WALKS).fill(NO_WALK);
  /** The bits of a row's head in its first word; 0 where it is longer. */
  readonly #headMask: number;
  /** Of the row before. */
  #lastHead = NO_HEAD;
  #lastWalk = NO_WALK;

  constructor(columns: readonly WireColumn[], keyColumns: number) {
    this.headBytes = 1 + ((columns.length + NULL_BITMAP_OFFSET + 7) >> 3);
    this.#headMask = this.headBytes < WORD_BYTES ? 2 ** (8 * this.headBytes) - 1 : 0;
    this.#keyColumns = keyColumns;
    this.#fixed = columns.map(({ type }) => FIXED_BYTES[type] ?? 0);
    this.#lengths = columns.map(({ type }) => LENGTHS[type] ?? 0);
  }

  /** The shortest row: every column is NULL but those of the key. */
  get rowBytesMin(): number {
    return this.#fixed.slice(0, this.#keyColumns).reduce((sum, fixed) => sum + fixed, this.headBytes);
  }

  /**
   * What all rows like the last sound one have in common, where its values have no length of their own: a row of this
   * size whose first word has these bits is sound. Undefined where they have one.
   */
  get alike(): AlikeRows | undefined {
    const { isPossible, steps, rest } = this.#lastWalk;
    if (!isPossible || steps.length > 0) return undefined;
    return { bytes: this.headBytes + rest, mask: this.#headMask, head: this.#lastHead };
  }

  /** The row bytes[start, end) is whole, with nothing left behind its last value. */
  isSound(bytes: Buffer, start: number, end: number): boolean {
    const values = start + this.headBytes;
    if (values > end || bytes[start] !== 0) return false;
    this.#lastWalk = this.#walk(bytes, start, values);
    this.#lastHead = NO_HEAD;
    return this.#isFilled(bytes, values, end);
  }

  /** The same for a row in its memory: quicker where it has the NULLs of the row before. */
  isSoundIn({ bytes, view }: RowMemory, start: number, end: number): boolean {
    const values = start + this.headBytes;
    if (values > end || end - start < WORD_BYTES || this.#headMask === 0) {
      return this.isSound(bytes, start, end);
    }
    const head = view.getInt32(start, true) & this.#headMask;
    if (head !== this.#lastHead) {
      if (bytes[start] !== 0) return false;
      this.#lastWalk = this.#walk(bytes, start, values);
      this.#lastHead = head;
    }
    return this.#isFilled(bytes, values, end);
  }

  /** The values that begin at `values` end at `end`, by the last walk. */
  #isFilled(bytes: Buffer, values: number, end: number): boolean {
    const { isPossible, steps, rest } = this.#lastWalk;
    if (!isPossible) return false;
    let position = values;
    // No call in this loop: the compiler then keeps all it needs in registers.
    for (let i = 0; i < steps.length; i += 2) {
      position += steps[i] as number;
      if (position >= end) return false;
      const first = bytes[position] as number;
      const possible = steps[i + 1] as number;
      if (possible === 0) {
        if (first >= 0xfb) return areLongValuesSound(bytes, { position: values, end }, { steps, rest });
      } else if (first > LENGTH_MAX || ((possible >> first) & 1) === 0) return false;
      position += 1 + first;
    }
    return position + rest === end;
  }

  #walk(bytes: Buffer, start: number, values: number): Walk {
    if (this.headBytes > 1 + PATTERN_BYTES_MAX) return this.#walkOf(bytes, start, 0);
    let pattern = 0;
    for (let i = start + 1; i < values; i += 1) pattern = (pattern << 8) | (bytes[i] as number);
    // The bits of both ends: a pattern begins with the key, which is never NULL.
    const place = (pattern ^ (pattern >> 8)) & (WALKS - 1);
    const known = this.#walks[place] as Walk;
    if (known.pattern === pattern) return known;
    const walk = this.#walkOf(bytes, start, pattern);
    this.#walks[place] = walk;
    return walk;
  }

  /** Impossible: the key is NULL, or a bit is set that belongs to no column. */
  #walkOf(bytes: Buffer, start: number, pattern: number): Walk {
    const bits = 8 * (this.headBytes - 1) - NULL_BITMAP_OFFSET;
    const steps: number[] = [];
    let isPossible = true;
    let rest = 0;
    for (let i = -NULL_BITMAP_OFFSET; i < bits; i += 1) {
      const isValue = i >= 0 && i < this.#fixed.length;
      if (isNull(bytes, start, i)) {
        if (!isValue || i < this.#keyColumns) isPossible = false;
      } else if (isValue) {
        rest += this.#fixed[i] as number;
        if (this.#fixed[i] !== 0) continue;
        steps.push(rest, this.#lengths[i] as number);
        rest = 0;
      }
    }
    return { pattern, isPossible, steps: Int32Array.from(steps), rest };
  }

  /** The content of a column that is not NULL and begins at `position`. */
  valueAt(bytes: Buffer, column: number, position: number): { readonly start: number; readonly end: number } {
    const fixed = this.#fixed[column] as number;
    if (fixed !== 0) return { start: position, end: position + fixed };
    if (this.#lengths[column] !== 0)
      return { start: position + 1, end: position + 1 + (bytes[position] as number) };
    return encodedLength(bytes, position, bytes.length) ?? { start: position, end: position };
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

/** As above, where a value has more than a byte of length. */
function areLongValuesSound(
  bytes: Buffer,
  { position, end }: { readonly position: number; readonly end: number },
  { steps, rest }: Pick<Walk, 'steps' | 'rest'>,
): boolean {
  let next = position;
  for (let i = 0; i < steps.length; i += 2) {
    const begin = next + (steps[i] as number);
    const possible = steps[i + 1] as number;
    const value = encodedLength(bytes, begin, end);
    const first = bytes[begin] as number;
    if (!value || (possible !== 0 && (first > LENGTH_MAX || ((possible >> first) & 1) === 0))) return false;
    next = value.end;
  }
  return next + rest === end;
}
