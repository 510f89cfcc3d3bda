/**
 * Checks the order of the keys in an ordered result set: no key comes twice, and where values have one order
 * everywhere (integers, bytes), no key is smaller than the one before. Text, decimals and times are only checked for
 * equal bytes in consecutive rows: their order is the server's. It keeps one key.
 */
import type { KeyKind } from '@rowparity/contracts';
import type { Extent } from './encodedLength.ts';
import type { RowMemory } from './packetMemory.ts';
import { RowLayout } from './rowLayout.ts';
import { WIRE_TYPE, type WireColumn } from './wireColumn.ts';

const FIRST_BYTES = 64;
const INTEGER_BYTES: Readonly<Record<number, number>> = {
  [WIRE_TYPE.tiny]: 1,
  [WIRE_TYPE.short]: 2,
  [WIRE_TYPE.int24]: 4,
  [WIRE_TYPE.long]: 4,
  [WIRE_TYPE.longlong]: 8,
};

/** The keys of some rows, one behind the other in `bounds`: each begins `offset` bytes behind its row's begin. */
export interface KeyRows {
  readonly memory: RowMemory;
  /** Begin and end of each row. */
  readonly bounds: Uint32Array;
  readonly from: number;
  readonly upTo: number;
  readonly offset: number;
}

export interface KeySequence {
  /** The key that begins at `position` follows the last one. Its row is sound. */
  goesOn(memory: RowMemory, position: number): boolean;
  /** The same for many rows at once, which takes less than half the time. */
  allGoOn(rows: KeyRows): boolean;
}

export function keySequence(columns: readonly WireColumn[], kinds: readonly KeyKind[]): KeySequence {
  const [first] = columns;
  const isOneInteger = kinds.length === 1 && kinds[0] === 'integer' && first && INTEGER_BYTES[first.type];
  return isOneInteger ? new IntegerSequence(first) : new TupleSequence(columns.slice(0, kinds.length), kinds);
}

/** Flips the order of the halves of 32 bits, so that unsigned numbers compare as signed ones. */
const TOP_BIT = 1 << 31;
/** The smallest half of 32 bits. */
const SMALLEST = TOP_BIT;

/**
 * One integer, as most keys are: compared in two halves of 32 bits, as a double would lose digits. Signed ones only:
 * these the machine compares at once.
 */
class IntegerSequence implements KeySequence {
  readonly #bytes: number;
  readonly #isUnsigned: boolean;
  readonly #flip: number;
  #high = SMALLEST;
  #low = SMALLEST;
  /** The smallest number has come: only this number does not follow the start value. */
  #hasSmallest = false;

  constructor({ type, isUnsigned }: WireColumn) {
    this.#bytes = INTEGER_BYTES[type] as number;
    this.#isUnsigned = isUnsigned;
    this.#flip = isUnsigned ? TOP_BIT : 0;
  }

  goesOn({ bytes, view }: RowMemory, position: number): boolean {
    let low: number;
    let high: number;
    if (this.#bytes === 8) {
      low = view.getInt32(position, true) ^ TOP_BIT;
      high = view.getInt32(position + 4, true) ^ this.#flip;
    } else {
      low = this.#bytes === 4 ? view.getInt32(position, true) : bytes.readIntLE(position, this.#bytes);
      if (this.#isUnsigned && this.#bytes < 4) low &= 2 ** (8 * this.#bytes) - 1;
      high = this.#isUnsigned ? 0 : low >> 31;
      low ^= TOP_BIT;
    }
    if (high === this.#high ? low > this.#low : high > this.#high) {
      this.#high = high;
      this.#low = low;
      return true;
    }
    return this.#isStart(high, low);
  }

  allGoOn(rows: KeyRows): boolean {
    if (this.#bytes !== 8) return eachGoesOn(this, rows);
    const { bounds, from, upTo, offset } = rows;
    const { view } = rows.memory;
    let [lastHigh, lastLow] = [this.#high, this.#low];
    for (let row = from; row < upTo; row += 1) {
      const position = ((bounds[2 * row] as number) + offset) | 0;
      const low = view.getInt32(position, true) ^ TOP_BIT;
      const high = view.getInt32(position + 4, true) ^ this.#flip;
      if (high === lastHigh ? low <= lastLow : high < lastHigh) {
        [this.#high, this.#low] = [lastHigh, lastLow];
        if (!this.#isStart(high, low)) return false;
      }
      lastHigh = high;
      lastLow = low;
    }
    [this.#high, this.#low] = [lastHigh, lastLow];
    return true;
  }

  /** This is the first key and the smallest number: only that number does not follow the start value. */
  #isStart(high: number, low: number): boolean {
    const isStart = this.#high === SMALLEST && this.#low === SMALLEST && !this.#hasSmallest;
    this.#hasSmallest = true;
    return isStart && high === SMALLEST && low === SMALLEST;
  }
}

/** One by one. */
function eachGoesOn(sequence: KeySequence, { memory, bounds, from, upTo, offset }: KeyRows): boolean {
  for (let row = from; row < upTo; row += 1) {
    if (!sequence.goesOn(memory, (bounds[2 * row] as number) + offset)) return false;
  }
  return true;
}

class TupleSequence implements KeySequence {
  readonly #columns: readonly WireColumn[];
  readonly #kinds: readonly KeyKind[];
  readonly #layout: RowLayout;
  #last = Buffer.alloc(FIRST_BYTES);
  #isFirst = true;

  constructor(columns: readonly WireColumn[], kinds: readonly KeyKind[]) {
    this.#columns = columns;
    this.#kinds = kinds;
    this.#layout = new RowLayout(columns, kinds.length);
  }

  goesOn({ bytes }: Pick<RowMemory, 'bytes'>, position: number): boolean {
    let order: number | undefined = this.#isFirst ? 1 : 0;
    let end = position;
    let lastEnd = 0;
    for (let i = 0; i < this.#kinds.length; i += 1) {
      const value = this.#layout.valueAt(bytes, i, end);
      end = value.end;
      if (order !== 0) continue;
      const before = this.#layout.valueAt(this.#last, i, lastEnd);
      lastEnd = before.end;
      order = this.#compare(i, before, { bytes, value });
    }
    this.#keep(bytes, position, end);
    return order === undefined || order > 0;
  }

  /** 0 for the same bytes; undefined where the order of two values is the server's. */
  #compare(
    i: number,
    before: Extent,
    { bytes, value }: { readonly bytes: Buffer; readonly value: Extent },
  ): number | undefined {
    const order = bytes.compare(this.#last, before.start, before.end, value.start, value.end);
    if (order === 0 || this.#kinds[i] === 'binary') return order;
    if (this.#kinds[i] !== 'integer') return undefined;
    const column = this.#columns[i] as WireColumn;
    const [a, b] = [wide(bytes, value, column), wide(this.#last, before, column)];
    return a === undefined || b === undefined ? undefined : a > b ? 1 : -1;
  }

  allGoOn(rows: KeyRows): boolean {
    return eachGoesOn(this, rows);
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    if (end - start > this.#last.length) this.#last = Buffer.alloc(2 * (end - start));
    bytes.copy(this.#last, 0, start, end);
    this.#isFirst = false;
  }
}

/** Integers of different widths are read as decimals: digits. */
function wide(bytes: Buffer, { start, end }: Extent, { type, isUnsigned }: WireColumn): bigint | undefined {
  const width = INTEGER_BYTES[type];
  if (width === 8) return isUnsigned ? bytes.readBigUInt64LE(start) : bytes.readBigInt64LE(start);
  if (width) return BigInt(isUnsigned ? bytes.readUIntLE(start, width) : bytes.readIntLE(start, width));
  const digits = bytes.toString('latin1', start, end);
  return /^-?\d+$/.test(digits) ? BigInt(digits) : undefined;
}
