/**
 * A value with its length in front: a byte below 0xfb, or 0xfc, 0xfd, 0xfe and 2, 3, 8 bytes. A server takes the
 * shortest form that holds the length. Source: MySQL's protocol documentation, "Length-Encoded Integer Type".
 */

export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** The value whose length stands at `at`; undefined when length or value reach beyond `end`, or it is no length. */
export function encodedLength(bytes: Buffer, position: number, end: number): Extent | undefined {
  if (position >= end) return undefined;
  const first = bytes[position] as number;
  if (first < 0xfb) return within(position + 1, first, end);
  if (first === 0xfc && position + 3 <= end)
    return long(bytes.readUInt16LE(position + 1), 0xfb, { at: position + 3, end });
  if (first === 0xfd && position + 4 <= end)
    return long(bytes.readUIntLE(position + 1, 3), 0x1_0000, { at: position + 4, end });
  if (first !== 0xfe || position + 9 > end || bytes.readUInt32LE(position + 5) !== 0) return undefined;
  return long(bytes.readUInt32LE(position + 1), 0x100_0000, { at: position + 9, end });
}

/** `from`: what shorter forms cannot hold. */
function long(length: number, from: number, { at, end }: { at: number; end: number }): Extent | undefined {
  return length < from ? undefined : within(at, length, end);
}

function within(start: number, length: number, end: number): Extent | undefined {
  return start + length <= end ? { start, end: start + length } : undefined;
}
