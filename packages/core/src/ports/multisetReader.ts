/**
 * Reading one side of a table without a usable key. Single rows cannot be requested, so each answer takes a pass over
 * the whole table. The server makes a 64-bit digest of each row's compared columns to distinguish rows; they fall into
 * buckets by their identity, which is the digest of the key's columns, or of the row where the plan has no key.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';

/** All rows of a bucket: equal for equal multisets of rows, and for unequal ones with a chance of 2^-64. */
export interface BucketSum {
  readonly bucket: number;
  readonly rows: number;
  readonly sum: bigint;
}

/** Some rows of a pass, as numbers beside each other; one line may stand for several rows of one digest. */
export interface DigestedRows {
  readonly lines: number;
  readonly identities: BigUint64Array;
  readonly digests: BigUint64Array;
  /** How many rows each line stands for. */
  readonly copies: BigUint64Array;
  /** The key of line `i`; empty where the plan has none. */
  keyAt(i: number): KeyTuple;
}

/** Digests of the same few rows: as they are, as they are once more, and with one column changed. */
export interface ProbedRows {
  readonly truth: readonly bigint[];
  readonly again: readonly bigint[];
  readonly changed: readonly bigint[];
}

export interface MultisetReader {
  /** One line a bucket that has rows, in order. `range`: after < bucket <= upTo, as decimal digits. */
  sums(range: KeyRange, signal: AbortSignal): Promise<readonly BucketSum[]>;
  /** Every row of these buckets, in any order; without a key, equal rows as one line: they may be any number. */
  rows(buckets: readonly number[], signal: AbortSignal): AsyncGenerator<DigestedRows, void, void>;
  /** `column`: index into the plan's columns. */
  probe(slice: { readonly rows: number; readonly column: number }, signal: AbortSignal): Promise<ProbedRows>;
  /** Throws when something has changed how the server answers since the reader began. */
  close(): Promise<void>;
}
