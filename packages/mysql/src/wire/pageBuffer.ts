/**
 * Takes a result set's bytes as they come and finds the rows in them by packet length; decodes nothing.
 * Packets: 3 bytes length, 1 byte sequence number, content; a content of 0xffffff bytes goes on in the next packet.
 * A result set: column count, one definition a column, EOF, rows (first byte 0x00), then EOF (0xfe, shorter than
 * 9 bytes) or ERR (0xff). Source: MySQL's protocol documentation, "Text/Binary Protocol Resultset", with the
 * CLIENT_DEPRECATE_EOF capability off, as mysql2 leaves it.
 */
import { type WireColumn, wireColumn } from './wireColumn.ts';

const HEADER_BYTES = 4;
const LONGEST_PACKET = 0xffffff;
const EOF_BYTES_MAX = 8;
const FIRST_BYTES = 64 * 1024;
const FIRST_ROWS = 1024;

export interface ServerError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

export type WalkState =
  | { readonly kind: 'more' }
  /** The server's own end of rows was seen. */
  | { readonly kind: 'end' }
  /** The server ended the rows with an error: what was read is no page. */
  | { readonly kind: 'error'; readonly error: ServerError };

const MORE: WalkState = { kind: 'more' };

export class PageBuffer {
  #bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafe(FIRST_BYTES);
  #bounds = new Uint32Array(2 * FIRST_ROWS);
  #length = 0;
  #position = 0;
  #rows = 0;
  #rowsStart = 0;
  #rowsEnd = 0;
  #columnsLeft = -1;
  #definitionsEnd = 0;
  #isInRows = false;
  #bytesMax = 0;
  #discardedRows = 0;
  #columns: WireColumn[] = [];

  /** Makes it ready for the next result set; what was read before is gone. */
  reset(bytesMax: number): void {
    this.#length = 0;
    this.#position = 0;
    this.#rows = 0;
    this.#rowsStart = 0;
    this.#rowsEnd = 0;
    this.#columnsLeft = -1;
    this.#definitionsEnd = 0;
    this.#isInRows = false;
    this.#bytesMax = bytesMax;
    this.#discardedRows = 0;
    this.#columns = [];
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows that came after the limit in bytes was reached; they are not kept. */
  get discardedRows(): number {
    return this.#discardedRows;
  }

  get columns(): readonly WireColumn[] {
    return this.#columns;
  }

  /** The definitions of the columns, as they came. */
  get definitions(): Buffer {
    return this.#bytes.subarray(0, this.#definitionsEnd);
  }

  /** All kept rows with their packet headers. */
  get bytes(): Buffer {
    return this.#bytes.subarray(this.#rowsStart, this.#rowsEnd);
  }

  /** Begin and end of every row's content in `bytes`. */
  get bounds(): Uint32Array {
    return this.#bounds.subarray(0, 2 * this.#rows);
  }

  feed(chunk: Buffer): WalkState {
    this.#append(chunk);
    if (!this.#isInRows) {
      const state = this.#walkHead();
      if (state) return state;
    }
    return this.#walkRows();
  }

  #append(chunk: Buffer): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = needed;
  }

  /** Column count, definitions and their EOF. Undefined once the rows begin. */
  #walkHead(): WalkState | undefined {
    for (;;) {
      const end = this.#packetEnd();
      if (end === undefined) return MORE;
      const start = this.#position + HEADER_BYTES;
      if (this.#bytes[start] === 0xff) return { kind: 'error', error: this.#error(start, end) };
      this.#position = end;
      if (this.#columnsLeft === -1) {
        this.#columnsLeft = columnCount(this.#bytes, start);
      } else if (this.#columnsLeft > 0) {
        this.#columns.push(wireColumn(this.#bytes, end));
        this.#columnsLeft -= 1;
        this.#definitionsEnd = end;
      } else {
        this.#isInRows = true;
        this.#rowsStart = end;
        this.#rowsEnd = end;
        return undefined;
      }
    }
  }

  #walkRows(): WalkState {
    for (;;) {
      const end = this.#packetEnd();
      if (end === undefined) {
        this.#dropDiscarded();
        return MORE;
      }
      const start = this.#position + HEADER_BYTES;
      const first = this.#bytes[start];
      if (first === 0xff) return { kind: 'error', error: this.#error(start, end) };
      if (first === 0xfe && end - start <= EOF_BYTES_MAX) return { kind: 'end' };
      this.#keepRow(start, end);
      this.#position = end;
    }
  }

  #keepRow(start: number, end: number): void {
    const isFull = this.#rows > 0 && end - this.#rowsStart > this.#bytesMax;
    if (isFull || this.#discardedRows > 0) {
      this.#discardedRows += 1;
      return;
    }
    if (2 * this.#rows === this.#bounds.length) {
      const grown = new Uint32Array(2 * this.#bounds.length);
      grown.set(this.#bounds);
      this.#bounds = grown;
    }
    this.#bounds[2 * this.#rows] = start - this.#rowsStart;
    this.#bounds[2 * this.#rows + 1] = end - this.#rowsStart;
    this.#rows += 1;
    this.#rowsEnd = end;
  }

  /** Where the packet at the position ends; undefined while it is not whole. Parts of a long one are joined. */
  #packetEnd(): number | undefined {
    const start = this.#position;
    if (this.#length - start < HEADER_BYTES) return undefined;
    const length = this.#bytes.readUIntLE(start, 3);
    if (length === LONGEST_PACKET) return this.#joinParts();
    const end = start + HEADER_BYTES + length;
    return end <= this.#length ? end : undefined;
  }

  #joinParts(): number | undefined {
    const parts: { start: number; end: number }[] = [];
    let at = this.#position;
    for (let length = LONGEST_PACKET; length === LONGEST_PACKET; ) {
      if (this.#length - at < HEADER_BYTES) return undefined;
      length = this.#bytes.readUIntLE(at, 3);
      const start = at + HEADER_BYTES;
      at = start + length;
      if (at > this.#length) return undefined;
      parts.push({ start, end: at });
    }
    let end = parts[0]?.end as number;
    for (const part of parts.slice(1)) {
      this.#bytes.copyWithin(end, part.start, part.end);
      end += part.end - part.start;
    }
    this.#bytes.copyWithin(end, at, this.#length);
    this.#length -= at - end;
    return end;
  }

  /** What lies behind the kept rows and is walked need not be held. */
  #dropDiscarded(): void {
    if (this.#discardedRows === 0 || this.#position === this.#rowsEnd) return;
    this.#bytes.copyWithin(this.#rowsEnd, this.#position, this.#length);
    this.#length -= this.#position - this.#rowsEnd;
    this.#position = this.#rowsEnd;
  }

  #error(start: number, end: number): ServerError {
    const hasState = this.#bytes[start + 3] === 0x23;
    return {
      errno: this.#bytes.readUInt16LE(start + 1),
      sqlState: hasState ? this.#bytes.toString('latin1', start + 4, start + 9) : 'HY000',
      message: this.#bytes.toString('utf8', start + (hasState ? 9 : 3), end),
    };
  }
}

/** Length-encoded; a table has at most 4096 columns, so one or three bytes. */
function columnCount(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  return first < 0xfb ? first : bytes.readUInt16LE(at + 1);
}
