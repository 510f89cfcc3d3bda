/**
 * Reading rows of one side of one table pair. Rows come as bytes: equal bytes are equal rows, and only what
 * differs is decoded. Any fault is thrown; only the server's own end of rows ends a page (law 1).
 */
import type { Fault, KeyRange, KeyTuple, ServerIdentity } from '@rowparity/contracts';
import type { TypedValue } from './typedValue.ts';

/** How the rows of a page lie in its bytes. Copies and parts of a page have the same layout. */
export interface RowLayout {
  /** The key of row `row`. */
  keyAt(page: RowBytes, row: number): KeyTuple;
  /** Every compared column of row `row`, in the plan's order: views into the page's bytes, not copies. */
  valuesAt(page: RowBytes, row: number): readonly ColumnValue[];
  /**
   * Where these values begin and end in the page's bytes: [2i] and [2i + 1]; the begin is −1 for SQL NULL. The caller's
   * own: two rows of one layout may be compared.
   */
  spansAt(page: RowBytes, row: number): readonly number[];
  /** Of a row's values those of these columns, as people read them, each in its place; the others are left out. */
  typed(values: readonly ColumnValue[], columns: readonly number[]): readonly (TypedValue | null)[];
}

export type RowBytes = Pick<RowPage, 'bytes' | 'bounds'>;

/** Rows in key order, as the bytes that came. Valid until the reader or the stream that gave it is asked again. */
export interface RowPage {
  readonly rows: number;
  /** All rows, one behind the other, each with its frame. */
  readonly bytes: Buffer;
  /** Where the content of row `i` begins and ends in `bytes`: [2i] and [2i + 1]. */
  readonly bounds: Uint32Array;
  readonly layout: RowLayout;
  /** False when a limit ended the page: there may be more rows in the range. */
  readonly isComplete: boolean;
  /**
   * For a reader that leaves this check to the comparison: throws PROTOCOL_BROKEN when the keys of the rows from `from`
   * up to `upTo` are not in order. The rows before `from` are, byte for byte, rows of the other side.
   */
  readonly expectInOrder?: (from: number, upTo: number) => void;
}

/** What a stream has at the moment. `isComplete`: the range ends with these rows. */
export interface StreamedPage extends RowPage {
  /** The stream's limit in rows ends it with these rows: there may be more in the range. */
  readonly isCut: boolean;
}

/** The rows of one statement, page by page. A stream holds a page and little more, however slowly it is taken. */
export interface RowStream {
  /** The next rows that were not taken: as many as fit a page, fewer only at the stream's end. */
  page(): Promise<StreamedPage>;
  /** Takes the first rows of the last page; they do not come again. */
  take(rows: number): void;
  /** Gives up the rows that have not come yet. */
  close(): Promise<void>;
}

export interface StreamLimits {
  /** Rows of the whole stream. */
  readonly rows: number;
  readonly page: PageLimits;
}

export interface PageLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** One column's value as it came, without its frame; null is SQL NULL. */
export type ColumnValue = Buffer | null;

export interface RangeDigest {
  readonly rows: number;
  /**
   * Equal for equal rows; different for different ones, except for a collision of 64 bits or more. A server may give
   * more digits than another: the digits that both gave are compared.
   */
  readonly digest: string;
}

/** `keys`: how many at most. */
export interface CountedKeys {
  readonly rows: number;
  readonly keys: number;
}

/**
 * Where the self-test plants differences: in so many of a range's first rows, in one of them, in one of its columns.
 */
export interface DigestProbe {
  readonly rows: number;
  /** Which of these rows, from 0. */
  readonly row: number;
  /** Index into the plan's columns. */
  readonly column: number;
}

/** Digests of the same few rows at one moment, so that only the planted differences make them differ. */
export interface ProbedDigests {
  readonly truth: RangeDigest;
  /** Made once more, with nothing planted: equal to the truth. */
  readonly again: RangeDigest;
  /** One column of the row has another value. */
  readonly changed: RangeDigest;
  /** The row is left out. */
  readonly missing: RangeDigest;
  /** The row is there twice. */
  readonly extra: RangeDigest;
}

/** Asks for one value that grows, of the user's own system. */
export type ProgressQuestion =
  | {
      readonly kind: 'heartbeat';
      /** Of the connection when left out. */
      readonly database?: string | undefined;
      readonly table: string;
      readonly column: string;
      readonly where?: string | undefined;
    }
  | { readonly kind: 'query'; readonly sql: string };

/** The server that answered, and the value as text; null where there is none. */
export type ServerProgress = Pick<ServerIdentity, 'serverId' | 'uuid'> & { readonly value: string | null };

/** A server and where its history stands. */
export type ServerPosition = Pick<ServerIdentity, 'position' | 'serverId' | 'uuid'>;

export interface RowReader {
  /** Rows with after < key <= upTo, in key order. */
  readPage(range: KeyRange, limits: PageLimits, signal: AbortSignal): Promise<RowPage>;
  /** The same rows as a stream. Nothing else can be asked of the reader until the stream is closed. */
  stream(range: KeyRange, limits: StreamLimits, signal: AbortSignal): RowStream;
  /** The rows with these keys, in any order; at most one a key. */
  readKeys(keys: readonly KeyTuple[], signal: AbortSignal): Promise<RowPage>;
  /** A digest of the rows of each range, made by the server; each of one moment. */
  digests(ranges: readonly KeyRange[], signal: AbortSignal): Promise<readonly RangeDigest[]>;
  /**
   * Digests of a few rows, made by the server as `digests` are, with differences planted in the statement and never in
   * a row that is stored. Undefined when the range has no such row any more.
   */
  probeDigest(range: KeyRange, probe: DigestProbe, signal: AbortSignal): Promise<ProbedDigests | undefined>;
  /** The keys `rows` rows, twice, three times so many behind the beginning of the range; fewer where it ends. */
  keysBehind(range: KeyRange, counted: CountedKeys, signal: AbortSignal): Promise<readonly KeyTuple[]>;
  /** The greatest key of the range; undefined when it is empty. One index look-up. */
  lastKey(range: KeyRange, signal: AbortSignal): Promise<KeyTuple | undefined>;
  /** Where the history of this side's server stands, asked on the session that reads. */
  position(signal: AbortSignal): Promise<ServerPosition>;
  /** The value of a fence, with the server that gave it, asked on the session that reads. */
  progress(question: ProgressQuestion, signal: AbortSignal): Promise<ServerProgress>;
  /** Of pages that were given out, nothing is needed any more: the memory of a large row is given back. */
  forget(): void;
  /** The fault PROTOCOL_BROKEN of this side: `found` is impossible. The connection of the rows is not used again. */
  broken(found: string): Fault;
  /**
   * Throws when more came than was requested, or when the server's session has changed since the reader began: then its
   * rows prove nothing.
   */
  close(): Promise<void>;
}
