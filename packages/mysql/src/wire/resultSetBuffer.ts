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

/** Holds the bytes; what becomes of a row that is whole is up to the kinds of buffer. */
export abstract class ResultSetBuffer {
  protected memory: Buffer<ArrayBuffer> = Buffer.allocUnsafe(FIRST_BYTES);
  /** How much of the memory is in use. */
  protected length = 0;
  /** Where the next packet begins. */
  protected position = 0;
  /** Where the first kept row begins, with its frame, and the last one ends. */
  protected rowsStart = 0;
  protected rowsEnd = 0;
  /** Begin and end of every kept row's content in the memory. */
  #bounds = new Uint32Array(2 * FIRST_ROWS);
  #rows = 0;
  #columnsLeft = -1;
  #definitions: Buffer = Buffer.alloc(0);
  #isInRows = false;
  #columns: WireColumn[] = [];

  /** The next result set begins; what was read before is gone. */
  protected clear(): void {
    this.length = 0;
    this.position = 0;
    this.rowsStart = 0;
    this.rowsEnd = 0;
    this.#rows = 0;
    this.#columnsLeft = -1;
    this.#isInRows = false;
    this.#columns = [];
  }

  /** Kept rows. */
  get rows(): number {
    return this.#rows;
  }

  get columns(): readonly WireColumn[] {
    return this.#columns;
  }

  /** The definitions of the columns, as they came. */
  get definitions(): Buffer {
    return this.#definitions;
  }

  /** All kept rows with their packet headers. */
  get bytes(): Buffer {
    return this.memory.subarray(this.rowsStart, this.rowsEnd);
  }

  /** Begin and end of every kept row's content in `bytes`. */
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

  /** A row is whole. */
  protected abstract onRow(start: number, end: number): void;
  /** All rows that have come are walked, and more will come. */
  protected abstract onWalked(): void;

  protected keep(start: number, end: number): void {
    if (2 * this.#rows === this.#bounds.length) {
      const grown = new Uint32Array(2 * this.#bounds.length);
      grown.set(this.#bounds);
      this.#bounds = grown;
    }
    this.#bounds[2 * this.#rows] = start - this.rowsStart;
    this.#bounds[2 * this.#rows + 1] = end - this.rowsStart;
    this.#rows += 1;
    this.rowsEnd = end;
  }

  /** Lets the first `rows` rows go and moves all that is behind them to the front. */
  protected drop(rows: number): void {
    const gone = rows === 0 ? 0 : (this.#bounds[2 * rows - 1] as number);
    const start = this.rowsStart + gone;
    this.memory.copyWithin(0, start, this.length);
    this.length -= start;
    this.position -= start;
    this.rowsEnd -= start;
    this.rowsStart = 0;
    const left = this.#rows - rows;
    for (let i = 0; i < 2 * left; i += 1) this.#bounds[i] = (this.#bounds[2 * rows + i] as number) - gone;
    this.#rows = left;
  }

  /** Forgets what lies between the kept rows and the next packet. */
  protected closeGap(): void {
    if (this.position === this.rowsEnd) return;
    this.memory.copyWithin(this.rowsEnd, this.position, this.length);
    this.length -= this.position - this.rowsEnd;
    this.position = this.rowsEnd;
  }

  #append(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (needed > this.memory.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.memory.length));
      this.memory.copy(grown, 0, 0, this.length);
      this.memory = grown;
    }
    chunk.copy(this.memory, this.length);
    this.length = needed;
  }

  /** Column count, definitions and their EOF. Undefined once the rows begin. */
  #walkHead(): WalkState | undefined {
    for (;;) {
      const end = this.#packetEnd();
      if (end === undefined) return MORE;
      const start = this.position + HEADER_BYTES;
      if (this.memory[start] === 0xff) return { kind: 'error', error: this.#error(start, end) };
      this.position = end;
      if (this.#columnsLeft === -1) {
        this.#columnsLeft = columnCount(this.memory, start);
      } else if (this.#columnsLeft > 0) {
        this.#columns.push(wireColumn(this.memory, end));
        this.#columnsLeft -= 1;
        // Without the EOF behind them: its flags are the statement's.
        if (this.#columnsLeft === 0) this.#definitions = Buffer.from(this.memory.subarray(0, end));
      } else {
        this.#isInRows = true;
        this.rowsStart = end;
        this.rowsEnd = end;
        return undefined;
      }
    }
  }

  #walkRows(): WalkState {
    for (;;) {
      const end = this.#packetEnd();
      if (end === undefined) {
        this.onWalked();
        return MORE;
      }
      const start = this.position + HEADER_BYTES;
      const first = this.memory[start];
      if (first === 0xff) return { kind: 'error', error: this.#error(start, end) };
      if (first === 0xfe && end - start <= EOF_BYTES_MAX) return { kind: 'end' };
      this.position = end;
      this.onRow(start, end);
    }
  }

  /** Where the packet at the position ends; undefined while it is not whole. Parts of a long one are joined. */
  #packetEnd(): number | undefined {
    const start = this.position;
    if (this.length - start < HEADER_BYTES) return undefined;
    const { memory } = this;
    // By hand: readUIntLE takes several times as long, and this is done for every row.
    const length =
      (memory[start] as number) |
      ((memory[start + 1] as number) << 8) |
      ((memory[start + 2] as number) << 16);
    if (length === LONGEST_PACKET) return this.#joinParts();
    const end = start + HEADER_BYTES + length;
    return end <= this.length ? end : undefined;
  }

  #joinParts(): number | undefined {
    const parts: { start: number; end: number }[] = [];
    let at = this.position;
    for (let length = LONGEST_PACKET; length === LONGEST_PACKET; ) {
      if (this.length - at < HEADER_BYTES) return undefined;
      length = this.memory.readUIntLE(at, 3);
      const start = at + HEADER_BYTES;
      at = start + length;
      if (at > this.length) return undefined;
      parts.push({ start, end: at });
    }
    let end = parts[0]?.end as number;
    for (const part of parts.slice(1)) {
      this.memory.copyWithin(end, part.start, part.end);
      end += part.end - part.start;
    }
    this.memory.copyWithin(end, at, this.length);
    this.length -= at - end;
    return end;
  }

  #error(start: number, end: number): ServerError {
    const hasState = this.memory[start + 3] === 0x23;
    return {
      errno: this.memory.readUInt16LE(start + 1),
      sqlState: hasState ? this.memory.toString('latin1', start + 4, start + 9) : 'HY000',
      message: this.memory.toString('utf8', start + (hasState ? 9 : 3), end),
    };
  }
}

/** Length-encoded; a table has at most 4096 columns, so one or three bytes. */
function columnCount(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  return first < 0xfb ? first : bytes.readUInt16LE(at + 1);
}
