/** Ways to break an answer, for tests. */
import { packets } from '../wire/testing/resultSet.ts';
import type { Answer, Rewrite } from './hostileLink.ts';

/** Every answer with rows, each rewritten in the same way. */
export function onRows(rewrite: Rewrite): Rewrite {
  return (answer) => (answer.rows.length > 1 ? rewrite(answer) : undefined);
}

/** The contents, one of them replaced. */
export function whole({ head, rows, end }: Answer): Buffer[] {
  return [...head, ...rows, end];
}

export function withRow(answer: Answer, i: number, ...others: readonly Buffer[]): Buffer {
  return packets(whole({ ...answer, rows: answer.rows.toSpliced(i, 1, ...others) }));
}

export function changed(content: Buffer, index: number, byte: number): Buffer {
  const copy = Buffer.from(content);
  copy[index < 0 ? copy.length + index : index] = byte;
  return copy;
}

/** Of rows and definitions alike. */
export const rowAt = (rows: readonly Buffer[], i: number) => rows.at(i) as Buffer;
/** The number is in the last byte of a header. */
export function renumbered(bytes: Buffer, packet: number, number: number): Buffer {
  let start = 0;
  for (let i = 0; i < packet; i += 1) start += 4 + bytes.readUIntLE(start, 3);
  return changed(bytes, start + 3, number);
}

/** A row of an INT key with another one. */
export function numbered(answer: Answer, row: number, id: number): Buffer {
  return withRow(answer, row, changed(changed(rowAt(answer.rows, row), 2, id & 0xff), 3, id >> 8));
}
