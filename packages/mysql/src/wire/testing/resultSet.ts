/** Builds result sets as a server sends them, for tests. */

export const LONGEST = 0xffffff;

/** The packets of a result set with one column, its rows as given, and its end. */
export function resultSet(rows: readonly Buffer[], end: Buffer = Buffer.from([0xfe, 0, 0, 2, 0])): Buffer {
  let sequence = 0;
  const packet = (content: Buffer): Buffer => {
    const parts: Buffer[] = [];
    for (let at = 0; ; at += LONGEST) {
      const part = content.subarray(at, at + LONGEST);
      const header = Buffer.alloc(4);
      header.writeUIntLE(part.length, 0, 3);
      header[3] = ++sequence & 0xff;
      parts.push(header, part);
      if (part.length < LONGEST) return Buffer.concat(parts);
    }
  };
  const definition = Buffer.alloc(20);
  definition[14] = 0x08;
  const eof = Buffer.from([0xfe, 0, 0, 2, 0]);
  const contents = rows.map((row) => packet(Buffer.concat([Buffer.from([0]), row])));
  return Buffer.concat([packet(Buffer.from([1])), packet(definition), packet(eof), ...contents, packet(end)]);
}
