/**
 * A value with its length in front: a byte below 0xfb, or 0xfc, 0xfd, 0xfe and 2, 3, 8 bytes. A server takes the
 * shortest form that holds the length. Source: MySQL's protocol documentation, "Length-Encoded Integer Type".
 */

export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** The value whose length stands at `at`; undefined when length or value reach beyond `end`, or it is no length. */
export function encodedLength(bytes: Buffer, at: number, end: number): Extent | undefined {
  if (at >= end) return undefined;
  const first = bytes[at] as number;
  if (first < 0xfb) return within(at + 1, first, end);
  if (first === 0xfc && at + 3 <= end) return long(bytes.readUInt16LE(at + 1), 0xfb, { at: at + 3, end });
  if (first === 0xfd && at + 4 <= end)
    return long(bytes.readUIntLE(at + 1, 3), 0x1_0000, { at: at + 4, end });
  if (first !== 0xfe || at + 9 > end || bytes.readUInt32LE(at + 5) !== 0) return undefined;
  return long(bytes.readUInt32LE(at + 1), 0x100_0000, { at: at + 9, end });
}

/** `from`: what shorter forms cannot hold. */
function long(length: number, from: number, { at, end }: { at: number; end: number }): Extent | undefined {
  return length < from ? undefined : within(at, length, end);
}

function within(start: number, length: number, end: number): Extent | undefined {
  return start + length <= end ? { start, end: start + length } : undefined;
}
