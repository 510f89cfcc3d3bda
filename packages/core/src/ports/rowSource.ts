/**
 * Reading rows of one side of one table pair. Rows come as bytes: equal bytes are equal rows, and only what
 * differs is decoded. Any fault is thrown; only the server's own end of rows ends a page (law 1).
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';

/** Rows in key order, as the bytes that came. Valid while the source reads the next page and the one behind it. */
export interface RowPage {
  readonly rows: number;
  /** All rows, one behind the other, each with whatever frames it. */
  readonly bytes: Buffer;
  /** Where the content of row `i` begins and ends in `bytes`: [2i] and [2i + 1]. */
  readonly bounds: Uint32Array;
  /** False when a limit ended the page: there may be more rows in the range. */
  readonly isComplete: boolean;
  /** How long the server took to send it, in milliseconds. */
  readonly readMs: number;
}

export interface PageLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** One column's value as it came, without its frame; null is SQL NULL. */
export type ColumnValue = Buffer | null;

export interface RangeDigest {
  readonly rows: number;
  /** Equal for equal rows; different for different ones but for the chance of a collision of 64 bits. */
  readonly digest: string;
}

export interface RowReader {
  /** Rows with after < key <= upTo, in key order. */
  readPage(range: KeyRange, limits: PageLimits, signal: AbortSignal): Promise<RowPage>;
  /** The rows with these keys, in any order; at most one a key. */
  readKeys(keys: readonly KeyTuple[], signal: AbortSignal): Promise<RowPage>;
  /** A digest of the rows of a range, made by the server. */
  digest(range: KeyRange, signal: AbortSignal): Promise<RangeDigest>;
  /** The key `rows` rows behind the beginning of the range; undefined when it has fewer. */
  keyBehind(range: KeyRange, rows: number, signal: AbortSignal): Promise<KeyTuple | undefined>;
  /** The greatest key of the range; undefined when it is empty. One index look-up. */
  lastKey(range: KeyRange, signal: AbortSignal): Promise<KeyTuple | undefined>;
  /** The key of row `row`. */
  keyAt(page: RowPage, row: number): KeyTuple;
  /** Every compared column of row `row`, in the plan's order: views into the page's bytes, not copies. */
  valuesAt(page: RowPage, row: number): readonly ColumnValue[];
  close(): Promise<void>;
}
