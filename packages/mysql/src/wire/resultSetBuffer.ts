/**
 * Takes a result set's bytes as they come, finds the rows and checks that each is sound; decodes nothing. Rows begin
 * with 0x00 and end with EOF (0xfe) or ERR (0xff). Anything else is a fault: an answer that breaks the protocol, or is
 * not the requested one, holds no row and no end of rows (law 1).
 */
import { OUT_OF_ORDER } from './brokenProtocol.ts';
import { eofFault, errorBehind, type ServerError, serverError } from './endPackets.ts';
import { type KeySequence, keySequence } from './keySequence.ts';
import { HEADER_BYTES, PacketFrames } from './packetFrames.ts';
import { ResultSetHead } from './resultSetHead.ts';
import { type ResultSetShape, ROW_BYTES_MAX } from './resultSetShape.ts';
import { type RowLayout, rowLayout } from './rowLayout.ts';
import type { WireColumn } from './wireColumn.ts';

const NONE_ALIKE = { bytes: 0, mask: 0, head: 0 };
const FIRST_ROWS = 1024;

export type WalkState =
  | { readonly kind: 'more' }
  /** The server's own end of rows was seen. */
  | { readonly kind: 'end' }
  /** The server ended the rows with an error: the rows so far are not a page. */
  | { readonly kind: 'error'; readonly error: ServerError; readonly isInSequence: boolean };

const MORE: WalkState = { kind: 'more' };
const NO_SHAPE: ResultSetShape = { of: 'no statement', columns: 0, rowsMax: 0, key: [], isOrdered: false };

/** Rows of one size in the memory; `start` is where the content of the first one begins. */
export interface RowsAlike {
  readonly start: number;
  readonly size: number;
  readonly rows: number;
}

/** Holds the bytes. The subclasses decide what to do with a complete row. */
export abstract class ResultSetBuffer {
  readonly #frames = new PacketFrames();
  /** Where the first kept row begins, with its frame, and the last one ends. */
  #rowsStart = 0;
  #rowsEnd = 0;
  /** Begin and end of every kept row's content in the memory. */
  #bounds = new Uint32Array(2 * FIRST_ROWS);
  #rows = 0;
  #shape = NO_SHAPE;
  #head = new ResultSetHead(NO_SHAPE);
  /** Undefined before the rows begin. */
  #layout: RowLayout | undefined;
  #keys: KeySequence | undefined;
  /** Rows that have come, kept or not. */
  #come = 0;

  /** The next result set begins; what was read before is gone. */
  protected begin(shape: ResultSetShape): void {
    this.#frames.begin({ of: shape.of, rowBytesMax: shape.rowBytesMax ?? ROW_BYTES_MAX });
    this.#rowsStart = 0;
    this.#rowsEnd = 0;
    this.#rows = 0;
    this.#shape = shape;
    this.#head = new ResultSetHead(shape);
    this.#layout = undefined;
    this.#keys = undefined;
    this.#come = 0;
  }

  /** Nothing of the last result set is needed any more: a session that rests holds no large row. */
  release(): void {
    this.begin(NO_SHAPE);
  }

  /** The table and its side, for messages. */
  get of(): string {
    return this.#shape.of;
  }

  /** Some bytes have come. */
  get hasBegun(): boolean {
    return this.#frames.position > 0 || this.#frames.memory.length > 0;
  }

  /** Kept rows. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows that have come, kept or not. */
  get come(): number {
    return this.#come;
  }

  get columns(): readonly WireColumn[] {
    return this.#head.columns;
  }

  /** All kept rows with their packet headers. */
  get bytes(): Buffer {
    return this.#frames.memory.bytes.subarray(this.#rowsStart, this.#rowsEnd);
  }

  /** Begin and end of every kept row's content in `bytes`. */
  get bounds(): Uint32Array {
    return this.#bounds.subarray(0, 2 * this.#rows);
  }

  /** Where the next chunk may be read to before it is fed. */
  room(): Buffer | undefined {
    return this.#frames.memory.room();
  }

  /** Throws PROTOCOL_BROKEN and ROW_TOO_LARGE: then nothing more may be fed, and what was kept is no page. */
  feed(chunk: Buffer): WalkState {
    this.#frames.memory.append(chunk);
    if (!this.#layout) {
      const state = this.#walkHead();
      if (state) return state;
    }
    return this.#walkRows(this.#layout as unknown as RowLayout);
  }

  /** A row is whole; whether it was kept. */
  protected abstract onRow(start: number, end: number): boolean;
  /** The same of rows of one size, one behind the other. */
  protected onRowsAlike({ start, size, rows }: RowsAlike): void {
    for (let row = 0; row < rows; row += 1) {
      const from = start + row * (size + HEADER_BYTES);
      this.onRow(from, from + size);
    }
  }
  /** All rows that have come are walked, and more will come. */
  protected abstract onWalked(): void;

  protected get keptBytes(): number {
    return this.#rowsEnd - this.#rowsStart;
  }

  protected keep(start: number, end: number): void {
    if (2 * this.#rows === this.#bounds.length) this.#growBounds(1);
    this.#bounds[2 * this.#rows] = start - this.#rowsStart;
    this.#bounds[2 * this.#rows + 1] = end - this.#rowsStart;
    this.#rows += 1;
    this.#rowsEnd = end;
  }

  /** Apart from `keep`, as a call for each row takes as long as all that it does. */
  protected keepAlike({ start, size, rows }: RowsAlike): void {
    if (rows === 0) return;
    if (2 * (this.#rows + rows) > this.#bounds.length) this.#growBounds(rows);
    const bounds = this.#bounds;
    const last = 2 * (this.#rows + rows);
    let from = start - this.#rowsStart;
    for (let i = 2 * this.#rows; i < last; i += 2) {
      bounds[i] = from;
      bounds[i + 1] = from + size;
      from = (from + size + HEADER_BYTES) | 0;
    }
    this.#rows += rows;
    this.#rowsEnd = start + rows * (size + HEADER_BYTES) - HEADER_BYTES;
  }

  #growBounds(rows: number): void {
    const grown = new Uint32Array(2 * Math.max(this.#bounds.length, this.#rows + rows));
    grown.set(this.#bounds);
    this.#bounds = grown;
  }

  /** Lets the first `rows` rows go and moves all that is behind them to the front. */
  protected drop(rows: number): void {
    const gone = rows === 0 ? 0 : (this.#bounds[2 * rows - 1] as number);
    const start = this.#rowsStart + gone;
    this.#frames.memory.close(0, start);
    this.#frames.position -= start;
    this.#rowsEnd -= start;
    this.#rowsStart = 0;
    const left = this.#rows - rows;
    for (let i = 0; i < 2 * left; i += 1) this.#bounds[i] = (this.#bounds[2 * rows + i] as number) - gone;
    this.#rows = left;
    this.#frames.memory.shrink();
  }

  /** Forgets what lies between the kept rows and the next packet. */
  protected closeGap(): void {
    this.#frames.memory.close(this.#rowsEnd, this.#frames.position);
    this.#frames.position = this.#rowsEnd;
  }

  /** Undefined once the rows begin. */
  #walkHead(): WalkState | undefined {
    const frames = this.#frames;
    for (let end = frames.end(); end !== undefined; end = frames.end()) {
      const start = frames.position + HEADER_BYTES;
      if (frames.memory.bytes[start] === 0xff) return this.#error(end);
      const isLast = this.#head.take(frames.memory.bytes, start, end);
      frames.pass(end);
      if (!isLast) continue;
      const { key, isOrdered, isUnwalked } = this.#shape;
      if (isOrdered && isUnwalked !== true) this.#keys = keySequence(this.columns, key);
      this.#layout = rowLayout(this.columns, key.length);
      this.#rowsStart = end;
      this.#rowsEnd = end;
      frames.beginRows();
      return undefined;
    }
    return MORE;
  }

  #walkRows(layout: RowLayout): WalkState {
    const frames = this.#frames;
    for (;;) {
      this.#walkPlainRows(layout);
      const end = frames.end();
      if (end === undefined) {
        this.onWalked();
        return MORE;
      }
      if (frames.memory.bytes[frames.position + HEADER_BYTES] !== 0) return this.#ended(end);
      this.#takeRow(layout, end);
    }
  }

  /**
   * As many rows as are whole and of one packet each. What stops it is looked at again, and told, by the others: here
   * are a few operations a row, because equal rows cost nothing else.
   */
  #walkPlainRows(layout: RowLayout): void {
    this.#walkAlikeRows(layout);
    const frames = this.#frames;
    const firstRow = this.#rows;
    const { memory, plainBytesMax } = frames;
    const { bytes, view, length } = memory;
    const { rowBytesMin } = layout;
    const isWalked = this.#isWalked(layout);
    let { position, sequence } = frames;
    let left = this.#shape.rowsMax - this.#come;
    const first = left;
    while (length - position > HEADER_BYTES && left > 0) {
      const start = position + HEADER_BYTES;
      const header = view.getInt32(position, true);
      const size = header & 0xffffff;
      const end = start + size;
      if (end > length || size > plainBytesMax || header >>> 24 !== sequence) break;
      if (size < rowBytesMin || bytes[start] !== 0) break;
      left -= 1;
      sequence = (sequence + 1) & 0xff;
      position = end;
      const isKept = this.onRow(start, end);
      if (!isKept && isWalked) this.#expectSound(layout, start, end);
    }
    frames.position = position;
    frames.sequence = sequence;
    this.#come += first - left;
    if (isWalked) this.#expectAllSound(firstRow, layout);
    this.#expectKeysGoOn(firstRow, layout);
  }

  /** The same, of rows that need no walk. */
  #walkAlikeRows(layout: RowLayout): void {
    const frames = this.#frames;
    const { memory, plainBytesMax } = frames;
    const { bytes: size, mask, head } = layout.alike ?? NONE_ALIKE;
    if (size === 0 || size > plainBytesMax) return;
    const firstRow = this.#rows;
    const { view, length } = memory;
    const begin = frames.position;
    const fitting = Math.floor((length - begin) / (HEADER_BYTES + size));
    const most = Math.min(this.#shape.rowsMax - this.#come, fitting);
    let { sequence } = frames;
    let position = begin;
    let rows = 0;
    for (; rows < most; rows += 1) {
      if (view.getInt32(position, true) !== ((sequence << 24) | size)) break;
      if ((view.getInt32(position + HEADER_BYTES, true) & mask) !== head) break;
      sequence = (sequence + 1) & 0xff;
      position = (position + HEADER_BYTES + size) | 0;
    }
    frames.position = position;
    frames.sequence = sequence;
    this.#come += rows;
    this.onRowsAlike({ start: begin + HEADER_BYTES, size, rows });
    this.#expectKeysGoOn(firstRow, layout);
  }

  /** Of the kept rows, all at once: this takes less than half the time. */
  #expectAllSound(from: number, layout: RowLayout): void {
    const { memory } = this.#frames;
    const rows = { memory, bounds: this.#bounds, from, upTo: this.#rows, offset: this.#rowsStart };
    if (!layout.areSound(rows)) throw this.#unsound();
  }

  #expectSound(layout: RowLayout, start: number, end: number): void {
    if (!layout.isSound(this.#frames.memory.bytes, start, end)) throw this.#unsound();
  }

  #unsound(): Error {
    return this.#frames.broken('the values of a row do not fill it');
  }

  /** Kept rows only: of the others nothing is used. */
  #expectKeysGoOn(from: number, { headBytes }: RowLayout): void {
    const { memory } = this.#frames;
    const offset = this.#rowsStart + headBytes;
    const isInOrder =
      this.#keys?.allGoOn({ memory, bounds: this.#bounds, from, upTo: this.#rows, offset }) ?? true;
    if (!isInOrder) throw this.#frames.broken(OUT_OF_ORDER);
  }

  /** Without a key of fixed bytes a row must be walked before its key is read. */
  #isWalked({ headBytes, rowBytesMin }: RowLayout): boolean {
    return this.#shape.isUnwalked !== true || rowBytesMin === headBytes;
  }

  #takeRow(layout: RowLayout, end: number): void {
    const frames = this.#frames;
    const start = frames.position + HEADER_BYTES;
    if (end - start < layout.rowBytesMin) throw this.#unsound();
    if (this.#isWalked(layout)) this.#expectSound(layout, start, end);
    if (this.#keys?.goesOn(frames.memory, start + layout.headBytes) === false) {
      throw frames.broken(OUT_OF_ORDER);
    }
    this.#come += 1;
    if (this.#come > this.#shape.rowsMax) {
      throw frames.broken(`expected ${this.#shape.rowsMax} rows at most, found more`);
    }
    frames.pass(end);
    this.onRow(start, end);
  }

  #ended(end: number): WalkState {
    const frames = this.#frames;
    const { bytes } = frames.memory;
    const start = frames.position + HEADER_BYTES;
    const first = bytes[start] as number;
    if (first === 0xff) return this.#error(end);
    if (first !== 0xfe) throw frames.broken(`a packet begins with 0x${first.toString(16)}`);
    const fault = eofFault(bytes, start, end);
    if (fault) throw frames.broken(fault);
    frames.pass(end);
    return this.#farewell(end) ?? { kind: 'end' };
  }

  /**
   * A server that ends a session says so whenever it does, with the number 0: the number is for the caller to judge.
   */
  #error(end: number): WalkState {
    const frames = this.#frames;
    const error = serverError(frames.memory.bytes, frames.position + HEADER_BYTES, end);
    if (!error) throw frames.broken('an error packet is too short');
    return this.#farewell(end) ?? { kind: 'error', error, isInSequence: frames.isNext };
  }

  /** Nothing may come behind an answer but the server's word that it ends the session. */
  #farewell(end: number): WalkState | undefined {
    const { bytes, length } = this.#frames.memory;
    if (length === end) return undefined;
    const error = errorBehind(bytes, end, length);
    if (error) return { kind: 'error', error, isInSequence: false };
    throw this.#frames.broken(`${length - end} bytes came behind the end of the rows`);
  }
}
