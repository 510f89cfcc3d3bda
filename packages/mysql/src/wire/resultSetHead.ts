/**
 * What stands in front of the rows: the column count, a definition for each column, an EOF. Source: MySQL's protocol
 * documentation, "Binary Protocol Resultset", with the CLIENT_DEPRECATE_EOF capability off, as mysql2 leaves it.
 */
import { protocolBroken } from './brokenProtocol.ts';
import { eofFault } from './endPackets.ts';
import type { ResultSetShape } from './resultSetShape.ts';
import { type WireColumn, wireColumn } from './wireColumn.ts';

export class ResultSetHead {
  readonly columns: WireColumn[] = [];
  readonly #shape: ResultSetShape;
  #isCounted = false;

  constructor(shape: ResultSetShape) {
    this.#shape = shape;
  }

  /** Takes the content of the next packet; true when it was the last one before the rows. */
  take(bytes: Buffer, start: number, end: number): boolean {
    const { of, columns } = this.#shape;
    if (!this.#isCounted) {
      const count = columnCount(bytes, start, end);
      if (count !== columns)
        throw protocolBroken(of, `expected ${columns} columns, found ${count ?? 'no count'}`);
      this.#isCounted = true;
      return false;
    }
    if (this.columns.length < columns) {
      const column = wireColumn(bytes, start, end);
      if (!column) throw protocolBroken(of, `the definition of column ${this.columns.length + 1} is none`);
      this.columns.push(column);
      return false;
    }
    const fault =
      bytes[start] === 0xfe ? eofFault(bytes, start, end) : 'expected an EOF behind the definitions';
    if (fault) throw protocolBroken(of, fault);
    return true;
  }
}

/** Undefined for an OK, a request for a file, or anything behind the count. */
function columnCount(bytes: Buffer, start: number, end: number): number | undefined {
  const first = bytes[start] as number;
  if (first < 0xfb) return first > 0 && end === start + 1 ? first : undefined;
  return first === 0xfc && end === start + 3 ? bytes.readUInt16LE(start + 1) : undefined;
}
