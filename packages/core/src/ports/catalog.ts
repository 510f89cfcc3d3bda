/** Reading a side's schema and the optimizer's estimates: what planning needs. O(1) statements a question. */
import type { KeyKind, KeyRange, KeyTuple, ServerIdentity } from '@rowparity/contracts';

export interface CatalogColumn {
  readonly name: string;
  /** The declared type, such as `bigint unsigned` or `varchar(20)`. */
  readonly type: string;
  readonly dataType: string;
  readonly isNullable: boolean;
  readonly isUnsigned: boolean;
  readonly collation: string | null;
  readonly charset: string | null;
}

export interface CatalogIndex {
  readonly name: string;
  readonly isPrimary: boolean;
  readonly columns: readonly string[];
  /** False when a part is a prefix, an expression, or descending. */
  readonly isPlain: boolean;
}

export interface CatalogTable {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly CatalogColumn[];
  /** Unique indexes, the primary key first. */
  readonly uniqueIndexes: readonly CatalogIndex[];
  readonly estimatedRows: number;
}

/** The key column of a probe. */
export interface ProbeKey {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  readonly columns: readonly { readonly name: string; readonly kind: KeyKind }[];
}

export interface Catalog {
  /** Which server this is, and where its history stands, as far as everybody may know. */
  identify(signal: AbortSignal): Promise<ServerIdentity>;
  /**
   * A counter of the whole server: each call, of any session and user, gives a larger number. Undefined when the server
   * does not tell.
   */
  tick(signal: AbortSignal): Promise<bigint | undefined>;
  listTables(signal: AbortSignal): Promise<readonly string[]>;
  /** Undefined when there is no such base table. */
  describe(table: string, signal: AbortSignal): Promise<CatalogTable | undefined>;
  /** Smallest and largest key; undefined for an empty table. Two index look-ups. */
  bounds(
    key: ProbeKey,
    signal: AbortSignal,
  ): Promise<{ readonly min: KeyTuple; readonly max: KeyTuple } | undefined>;
  /** The optimizer's row estimate for after < key <= upTo (index dives through EXPLAIN); exact for small ranges. */
  estimateRows(key: ProbeKey, range: KeyRange, signal: AbortSignal): Promise<number>;
  /**
   * The key `rows` rows behind the beginning of the range; undefined when it has fewer. Reads the index alone, but
   * every entry up to there.
   */
  keyBehind(
    key: ProbeKey,
    at: { readonly range: KeyRange; readonly rows: number },
    signal: AbortSignal,
  ): Promise<KeyTuple | undefined>;
  /** The first key in the range whose first column is not before `from`. One index look-up. */
  keyFrom(
    key: ProbeKey,
    at: { readonly range: KeyRange; readonly from: string },
    signal: AbortSignal,
  ): Promise<KeyTuple | undefined>;
  /** Throws the fault that the server makes of a predicate on this table, without reading a row. */
  tryPredicate(of: { readonly table: string; readonly where: string }, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
