/** Reading a side's schema and the optimizer's estimates: what planning needs. O(1) statements a question. */
import type { KeyKind, KeyRange, KeyTuple, ServerIdentity, TablePlan } from '@rowparity/contracts';
import type { Side } from '../sides/sides.ts';
import type { ProgressQuestion, ServerProgress } from './rowSource.ts';

/** The objects of a database by name. Only tables have rows of their own to compare. */
export type CatalogEntryKind = 'table' | 'view' | 'sequence' | 'other';

export interface CatalogEntry {
  readonly name: string;
  readonly kind: CatalogEntryKind;
}

export interface CatalogListing {
  readonly entries: readonly CatalogEntry[];
  /** The server takes names of tables that differ in case for one name. */
  readonly ignoresCase: boolean;
  /** False when there may be tables that the user may not see. */
  readonly isWhole: boolean;
}

/** Of an exact number: enough for every value of its column. */
export interface Digits {
  readonly whole: number;
  readonly scale: number;
}

/** The catalog knows the types of its servers; planning compares what it answers. Names are the same in any case. */
export interface CatalogColumn {
  readonly name: string;
  /** The declared type, such as `bigint unsigned` or `varchar(20)`: two columns of one type hold the same values. */
  readonly type: string;
  readonly isNullable: boolean;
  /**
   * Two columns are of one wire class when equal values have equal bytes and unequal ones have not. The rules of values
   * know the classes `text`, `json`, `float` and `double`. Null: the type cannot be compared.
   */
  readonly wireClass: string | null;
  /** Null for what is no exact number. */
  readonly digits: Digits | null;
  /** An exact number is shown with zeros in front. */
  readonly isPadded: boolean;
  /** Null for what is no text. */
  readonly charset: string | null;
  /** Text is stored as UTF-8, so its bytes compare. */
  readonly isUtf8: boolean;
  /** A value is a list of names in the order of their declaration. */
  readonly isSet: boolean;
  /** As a part of a key; null when it cannot be one. */
  readonly keyKind: KeyKind | null;
  /** The server orders values by a number, and shows a name or bits. */
  readonly isNumbered: boolean;
  /** The server orders values neither as numbers nor by a collation. */
  readonly hasOwnOrder: boolean;
  readonly collation: string | null;
  /** The order of the collation: the same text only where both servers order alike. */
  readonly sortedAs: string | null;
  /** A server that sorts rows by it looks at whole values. */
  readonly isSortable: boolean;
}

export interface CatalogIndex {
  readonly name: string;
  readonly isPrimary: boolean;
  readonly columns: readonly string[];
  /** Why it cannot tell rows apart, such as "has an expression"; undefined for most. */
  readonly problem: string | undefined;
  /** Rows can be read in its order: no hash, visible, whole columns. */
  readonly isOrdered: boolean;
}

export interface CatalogTable {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly CatalogColumn[];
  /** Unique indexes, the primary key first. */
  readonly uniqueIndexes: readonly CatalogIndex[];
  /** Other indexes: they find rows, and tell none apart. */
  readonly plainIndexes: readonly CatalogIndex[];
  /** Of columns that have one, as text; it is no part of what makes rows equal. */
  readonly defaults?: ReadonlyMap<string, string>;
  readonly estimatedRows: number;
  /** The table has columns that the user may not read; their names are unknown. */
  readonly hasHiddenColumns: boolean;
}

/** The key of a plan on one side. Planning reads keys in the same form as rows are read. */
export interface ProbeKey {
  readonly plan: TablePlan;
  readonly side: Side;
}

export interface Catalog {
  /** Which server this is, and its replication position. Holds no secrets. */
  identify(signal: AbortSignal): Promise<ServerIdentity>;
  /**
   * A counter of the whole server: each call, of any session and user, gives a larger number. Undefined when the server
   * has none.
   */
  tick(signal: AbortSignal): Promise<bigint | undefined>;
  list(signal: AbortSignal): Promise<CatalogListing>;
  /** The tables that are there, by the names that were asked for: a few statements for all of them. */
  describeAll(tables: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, CatalogTable>>;
  /** Undefined when there is no such table. */
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
    wanted: { readonly range: KeyRange; readonly rows: number },
    signal: AbortSignal,
  ): Promise<KeyTuple | undefined>;
  /** The first key in the range whose first column is not before `from`. One index look-up. */
  keyFrom(
    key: ProbeKey,
    wanted: { readonly range: KeyRange; readonly from: string },
    signal: AbortSignal,
  ): Promise<KeyTuple | undefined>;
  /** The value of a fence. Throws the server's fault for a question that it refuses. */
  progress(question: ProgressQuestion, signal: AbortSignal): Promise<ServerProgress>;
  /** Throws the server's fault for a predicate on this table. Reads no row. */
  tryPredicate(
    predicate: { readonly table: string; readonly where: string },
    signal: AbortSignal,
  ): Promise<void>;
}
