/**
 * The quick walk over many rows. It keeps, for each pattern of NULLs that came, how many bytes of fixed values lie
 * between the values of variable length. A row then costs one step for each of these, without a branch that depends on
 * the row: a branch that the processor guesses wrong costs more than several steps.
 *
 * It only ever says "sound". What it does not know, or finds a flaw in, is for the plain walk to judge.
 */
import type { RowMemory } from './packetMemory.ts';
import { LENGTH_KINDS, type LengthKind, possibleLengths } from './valueLengths.ts';

/** Rows in a memory. */
export interface RowRun {
  readonly memory: RowMemory;
  /** Begin and end of each row, less `offset`. */
  readonly bounds: Uint32Array;
  readonly from: number;
  readonly upTo: number;
  readonly offset: number;
}

/** Where no value has a length of its own: a row of this size whose first word has these bits is sound. */
export interface AlikeRows {
  readonly bytes: number;
  readonly mask: number;
  readonly head: number;
}

export interface WalkedColumns {
  /** By column; 0 where the value has a length of its own. */
  readonly fixed: readonly number[];
  /** By column; read where the value has a length of its own. */
  readonly lengths: readonly LengthKind[];
  readonly headBytes: number;
}

const WORD_BYTES = 4;
const WORD_BITS = 32;
const NULL_BITMAP_OFFSET = 2;
/** Walks that are kept: a table has few patterns of NULLs that are frequent. */
const WALKS_MAX = 256;
/** Of all walks together: 64 KiB. Wide tables keep fewer walks. */
const NUMBERS_MAX = 16 * 1024;
/** 2^32 divided by the golden ratio: the product's upper bits depend on all bits of a head. */
const SPREAD = 0x9e3779b1 | 0;
/** No row has it as its first word: a row begins with 0. */
const NO_HEAD = -1;
const UNKNOWN = -1;
/** A step in one number: in 3 bits the kind of the value, where its flaws begin; above them the bytes before it. */
const BYTE_VALUES = 256;
const KIND_BITS = 3;
const SKIP_SHIFT = 8 + KIND_BITS;
const FLAWS_MASK = 2 ** SKIP_SHIFT - BYTE_VALUES;
/** A length of more than one byte, or none. */
const LONG_LENGTH = 0xfb;

/** By kind of length and first byte: 1 where the value is none of its type, or longer than the quick walk knows. */
const FLAWS = Uint8Array.from(
  LENGTH_KINDS.flatMap((kind) =>
    Array.from({ length: BYTE_VALUES }, (_, first) => {
      const possible = possibleLengths(kind);
      return (possible === undefined ? first < LONG_LENGTH : possible.includes(first)) ? 0 : 1;
    }),
  ),
);

export class RowWalks {
  readonly #columns: WalkedColumns;
  readonly #headBytes: number;
  readonly #headWords: number;
  /** The bits of a head in its last word. */
  readonly #headMask: number;
  readonly #isOfOneSize: boolean;
  /** One behind the other: the words of a head, how many steps there are, the fixed bytes behind them, the steps. */
  readonly #walks: Int32Array;
  /** Numbers of the longest walk. */
  readonly #numbers: number;
  readonly #shift: number;

  constructor(columns: WalkedColumns) {
    const { fixed, headBytes } = columns;
    this.#columns = columns;
    this.#headBytes = headBytes;
    this.#headWords = Math.ceil(headBytes / WORD_BYTES);
    const lastBytes = headBytes - WORD_BYTES * (this.#headWords - 1);
    this.#headMask = lastBytes === WORD_BYTES ? -1 : (1 << (8 * lastBytes)) - 1;
    const steps = fixed.filter((bytes) => bytes === 0).length;
    this.#isOfOneSize = steps === 0 && this.#headWords === 1;
    this.#numbers = this.#headWords + 2 + steps;
    const walks = Math.min(WALKS_MAX, Math.max(2, NUMBERS_MAX / this.#numbers));
    const bits = Math.floor(Math.log2(walks));
    this.#shift = WORD_BITS - bits;
    this.#walks = new Int32Array(2 ** bits * this.#numbers).fill(NO_HEAD);
  }

  /**
   * The first row from `from` on that this walk does not find sound; `upTo` if there is none. `| 0` keeps a sum in the
   * machine's integers: without it this loop takes half as long again.
   */
  firstUnknown({ memory, bounds, from, upTo, offset }: RowRun): number {
    const { bytes, view } = memory;
    const [walks, headBytes, headMask] = [this.#walks, this.#headBytes, this.#headMask];
    const isWide = this.#headWords > 1;
    // A row that ends before it has its head in the memory in whole words.
    const endMax = bytes.length - WORD_BYTES * this.#headWords;
    for (let row = from; row < upTo; row += 1) {
      const start = ((bounds[2 * row] as number) + offset) | 0;
      const end = ((bounds[2 * row + 1] as number) + offset) | 0;
      if (end >= endMax) return row;
      const place = isWide
        ? this.#placeOfWide(view, start)
        : this.#placeOf(view.getInt32(start, true) & headMask);
      if (place === UNKNOWN) return row;
      const stepsEnd = (place + 2 + (walks[place] as number)) | 0;
      let position = (start + headBytes) | 0;
      let flaws = 0;
      for (let step = place + 2; step < stepsEnd; step = (step + 1) | 0) {
        const code = walks[step] as number;
        position = (position + (code >> SKIP_SHIFT)) | 0;
        if (position >= end) return row;
        const first = bytes[position] as number;
        flaws |= FLAWS[(code & FLAWS_MASK) + first] as number;
        position = (position + 1 + first) | 0;
      }
      position = (position + (walks[place + 1] as number)) | 0;
      // Positions only grow: where the last one fits, no value reached beyond the row.
      if (flaws !== 0 || position !== end) return row;
    }
    return upTo;
  }

  /** The row that begins at `start` is sound: from now on rows with its NULLs are known. Takes another's place. */
  learn(view: DataView, start: number): void {
    if (start + WORD_BYTES * this.#headWords > view.byteLength) return;
    let place = this.#slotOf(view, start);
    for (let word = 0; word < this.#headWords; word += 1, place += 1) {
      this.#walks[place] = this.#headWord(view, start, word);
    }
    const { steps, rest } = this.#stepsOf(view, start);
    this.#walks[place] = steps.length;
    this.#walks[place + 1] = rest;
    this.#walks.set(steps, place + 2);
  }

  /** What sound rows with the NULLs of this one have in common. */
  alike(view: DataView, start: number, end: number): AlikeRows | undefined {
    if (!this.#isOfOneSize || end - start < WORD_BYTES) return undefined;
    return { bytes: end - start, mask: this.#headMask, head: this.#headWord(view, start, 0) };
  }

  /** Where the walk behind this head lies. */
  #placeOf(head: number): number {
    const slot = Math.imul(Math.imul(head, SPREAD) >>> this.#shift, this.#numbers);
    return this.#walks[slot] === head ? slot + 1 : UNKNOWN;
  }

  #placeOfWide(view: DataView, start: number): number {
    const slot = this.#slotOf(view, start);
    for (let word = 0; word < this.#headWords; word += 1) {
      if (this.#walks[slot + word] !== this.#headWord(view, start, word)) return UNKNOWN;
    }
    return slot + this.#headWords;
  }

  #slotOf(view: DataView, start: number): number {
    let hash = 0;
    for (let word = 0; word < this.#headWords; word += 1) {
      hash = Math.imul(hash ^ this.#headWord(view, start, word), SPREAD);
    }
    return Math.imul(hash >>> this.#shift, this.#numbers);
  }

  #headWord(view: DataView, start: number, word: number): number {
    const bits = view.getInt32(start + WORD_BYTES * word, true);
    return word === this.#headWords - 1 ? bits & this.#headMask : bits;
  }

  #stepsOf(view: DataView, start: number): { readonly steps: readonly number[]; readonly rest: number } {
    const { fixed, lengths } = this.#columns;
    const steps: number[] = [];
    let rest = 0;
    for (let i = 0; i < fixed.length; i += 1) {
      const bit = i + NULL_BITMAP_OFFSET;
      if ((view.getUint8(start + 1 + (bit >> 3)) & (1 << (bit & 7))) !== 0) continue;
      const bytes = fixed[i] as number;
      rest += bytes;
      if (bytes > 0) continue;
      steps.push((rest << SKIP_SHIFT) | (BYTE_VALUES * (lengths[i] as LengthKind)));
      rest = 0;
    }
    return { steps, rest };
  }
}
