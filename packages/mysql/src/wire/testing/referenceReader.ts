/**
 * Reads a whole result set in the plainest way, for tests: what the bytes say, or that they say nothing. It shares no
 * code with the buffers, is slow, and knows the protocol only.
 */
import type { ResultSetShape } from '../resultSetShape.ts';

export type Reading =
  | { readonly kind: 'rows'; readonly rows: readonly string[] }
  | { readonly kind: 'error' }
  /** The bytes end before the answer does. */
  | { readonly kind: 'more' }
  | { readonly kind: 'broken' };

interface Column {
  readonly type: number;
  readonly isUnsigned: boolean;
}

class Broken extends Error {}
class More extends Error {}

const FIXED: Readonly<Record<number, number>> = { 1: 1, 2: 2, 13: 2, 3: 4, 9: 4, 4: 4, 8: 8, 5: 8 };
const TIMES: Readonly<Record<number, readonly number[]>> = {
  10: [0, 4],
  12: [0, 4, 7, 11],
  7: [0, 4, 7, 11],
  11: [0, 8, 12],
};
const TYPES = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 0xf2, 0xf5, 0xf6, 0xf7, 0xf8]);

export function referenceReading(bytes: Buffer, shape: ResultSetShape): Reading {
  try {
    return new ReferenceReader(bytes, shape).read();
  } catch (error) {
    if (error instanceof More) return { kind: 'more' };
    if (error instanceof Broken) return { kind: 'broken' };
    throw error;
  }
}

class ReferenceReader {
  readonly #bytes: Buffer;
  readonly #shape: ResultSetShape;
  #at = 0;
  #sequence = 1;
  #bytesMax = 16 * 1024;

  constructor(bytes: Buffer, shape: ResultSetShape) {
    this.#bytes = bytes;
    this.#shape = shape;
  }

  read(): Reading {
    const count = this.#packet();
    if (count[0] === 0xff) return this.#error(count);
    if (count.length !== 1 || count[0] !== this.#shape.columns) throw new Broken();
    const columns: Column[] = [];
    for (let i = 0; i < this.#shape.columns; i += 1) {
      const content = this.#packet();
      if (content[0] === 0xff) return this.#error(content);
      columns.push(columnOf(content));
    }
    const eof = this.#packet();
    if (eof[0] === 0xff) return this.#error(eof);
    expectEof(eof);
    return this.#rows(columns);
  }

  #rows(columns: readonly Column[]): Reading {
    this.#bytesMax = this.#shape.rowBytesMax ?? 0;
    const types = columns.map(({ type }) => type);
    const rows: string[] = [];
    let last: string | undefined;
    for (;;) {
      const content = this.#packet();
      if (content[0] === 0xff) return this.#error(content);
      if (content[0] !== 0) {
        expectEof(content);
        if (this.#at !== this.#bytes.length) throw new Broken();
        return { kind: 'rows', rows };
      }
      const values = valuesOf(content, types, this.#shape.key.length);
      rows.push(JSON.stringify(values));
      if (rows.length > this.#shape.rowsMax) throw new Broken();
      if (!this.#shape.isOrdered) continue;
      const key = values[0] as string;
      if (last !== undefined && !follows(key, last, columns[0] as Column)) throw new Broken();
      last = key;
    }
  }

  #error(content: Buffer): Reading {
    if (content.length < 9 || content[3] !== 0x23 || this.#at !== this.#bytes.length) throw new Broken();
    return { kind: 'error' };
  }

  #packet(): Buffer {
    if (this.#bytes.length - this.#at < 4) throw new More();
    const length = this.#bytes.readUIntLE(this.#at, 3);
    if (length === 0) throw new Broken();
    if (length > this.#bytesMax) throw new Broken();
    const end = this.#at + 4 + length;
    if (end > this.#bytes.length) throw new More();
    const content = this.#bytes.subarray(this.#at + 4, end);
    // The number of an error packet is for the session to judge.
    if (content[0] !== 0xff && this.#bytes[this.#at + 3] !== this.#sequence) throw new Broken();
    this.#sequence = (this.#sequence + 1) % 256;
    this.#at = end;
    return content;
  }
}

function expectEof(content: Buffer): void {
  if (content[0] !== 0xfe || content.length !== 5) throw new Broken();
  if ((content.readUInt16LE(3) & 0x1048) !== 0) throw new Broken();
}

/** Integers go up; of all else only the same bytes twice are no order. */
function follows(key: string, last: string, { type, isUnsigned }: Column): boolean {
  const bytes = { 1: 1, 2: 2, 3: 4, 9: 4, 8: 8 }[type];
  if (bytes) {
    const number = (hex: string) => {
      const unsigned = BigInt(`0x${hex.match(/../g)?.toReversed().join('')}`);
      return isUnsigned ? unsigned : BigInt.asIntN(8 * bytes, unsigned);
    };
    return number(key) > number(last);
  }
  const [a, b] = [key, last].map((hex) => Buffer.from(hex, 'hex').toString('latin1')) as [string, string];
  const areDigits = [a, b].every((one) => /^-?\d+$/.test(one));
  return areDigits && a !== b ? BigInt(a) > BigInt(b) : a !== b;
}

function columnOf(content: Buffer): Column {
  let position = 0;
  for (let i = 0; i < 6; i += 1) position = text(content, position).end;
  if (content.length - position !== 13) position = text(content, position).end;
  if (content.length - position !== 13 || content[position] !== 0x0c) throw new Broken();
  const type = content[position + 7] as number;
  if (!TYPES.has(type) && type < 0xf9) throw new Broken();
  return { type, isUnsigned: (content.readUInt16LE(position + 8) & 32) !== 0 };
}

function valuesOf(content: Buffer, types: readonly number[], keys: number): (string | null)[] {
  const bitmap = Math.ceil((types.length + 2) / 8);
  if (content.length < 1 + bitmap) throw new Broken();
  const isSet = (bit: number) => ((content[1 + Math.floor(bit / 8)] as number) >> (bit % 8)) % 2 === 1;
  for (let bit = 0; bit < 8 * bitmap; bit += 1) {
    if (isSet(bit) && (bit < 2 + keys || bit >= 2 + types.length)) throw new Broken();
  }
  let position = 1 + bitmap;
  const values = types.map((type, i) => {
    if (isSet(i + 2)) return null;
    const { start, end } = value(content, position, type);
    if (end > content.length) throw new Broken();
    position = end;
    return content.toString('hex', start, end);
  });
  if (position !== content.length) throw new Broken();
  return values;
}

function value(content: Buffer, position: number, type: number): { start: number; end: number } {
  const fixed = FIXED[type];
  if (fixed) return { start: position, end: position + fixed };
  const times = TIMES[type];
  if (!times) return text(content, position);
  const length = content[position];
  if (length === undefined || !times.includes(length)) throw new Broken();
  return { start: position + 1, end: position + 1 + length };
}

function text(content: Buffer, position: number): { start: number; end: number } {
  const first = content[position];
  if (first === undefined || first === 0xfb || first === 0xff) throw new Broken();
  const size = first < 0xfb ? 0 : first === 0xfc ? 2 : first === 0xfd ? 3 : 8;
  if (position + 1 + size > content.length) throw new Broken();
  let length = BigInt(size === 0 ? first : 0);
  for (let i = 0; i < size; i += 1) length += BigInt(content[position + 1 + i] as number) << BigInt(8 * i);
  const shortest = [0, 0, 0xfbn, 0x1_0000n][size] ?? (size === 8 ? 0x100_0000n : 0n);
  if (length < BigInt(shortest) || BigInt(position + 1 + size) + length > BigInt(content.length))
    throw new Broken();
  return { start: position + 1 + size, end: position + 1 + size + Number(length) };
}
