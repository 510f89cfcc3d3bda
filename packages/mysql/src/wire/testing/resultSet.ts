/** Builds result sets as a server sends them, for tests. */
import type { ResultSetShape } from '../resultSetShape.ts';
import { WIRE_TYPE } from '../wireColumn.ts';

export const LONGEST = 0xffffff;
export const EOF = Buffer.from([0xfe, 0, 0, 2, 0]);
/** One column of bytes, which is no key. */
export const ONE_BLOB: ResultSetShape = {
  of: 'Table t (base)',
  columns: 1,
  rowsMax: Number.MAX_SAFE_INTEGER,
  key: [],
  isOrdered: false,
};

/** The packets of a result set with one BLOB, the rows with these values, and its end. */
export function resultSet(values: readonly Buffer[], end: Buffer = EOF): Buffer {
  return packets([
    Buffer.from([1]),
    definition(WIRE_TYPE.blob),
    EOF,
    ...values.map((value) => row([withLength(value)])),
    end,
  ]);
}

/** Contents, each with its header and split where it is too long for one packet. */
export function packets(contents: readonly Buffer[]): Buffer {
  let sequence = 0;
  return Buffer.concat(
    contents.flatMap((content) => {
      const parts: Buffer[] = [];
      for (let start = 0; ; start += LONGEST) {
        const part = content.subarray(start, start + LONGEST);
        sequence += 1;
        parts.push(packet(part, sequence), part);
        if (part.length < LONGEST) return parts;
      }
    }),
  );
}

function packet({ length }: Buffer, sequence: number): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(length, 0, 3);
  header[3] = sequence & 0xff;
  return header;
}

export function definition(type: number, { flags = 0, charset = 63 } = {}): Buffer {
  const names = ['def', 's', 't', 't', 'c', 'c'].map((name) => withLength(Buffer.from(name)));
  const fixed = Buffer.alloc(13);
  fixed[0] = 0x0c;
  fixed.writeUInt16LE(charset, 1);
  fixed[7] = type;
  fixed.writeUInt16LE(flags, 8);
  return Buffer.concat([...names, fixed]);
}

/** Values with their frames; null is NULL. */
export function row(values: readonly (Buffer | null)[]): Buffer {
  const bitmap = Buffer.alloc((values.length + 9) >> 3);
  for (const [i, value] of values.entries()) {
    if (value === null) (bitmap[(i + 2) >> 3] as number) |= 1 << ((i + 2) & 7);
  }
  return Buffer.concat([Buffer.from([0]), bitmap, ...values.filter((value) => value !== null)]);
}

export function withLength(value: Buffer): Buffer {
  const { length } = value;
  if (length < 0xfb) return Buffer.concat([Buffer.from([length]), value]);
  const [mark, size] = length < 0x1_0000 ? [0xfc, 2] : length < 0x100_0000 ? [0xfd, 3] : [0xfe, 8];
  const encoded = Buffer.alloc(1 + size);
  encoded[0] = mark;
  encoded.writeUIntLE(length, 1, Math.min(size, 6));
  return Buffer.concat([encoded, value]);
}
