/** Reading a side's schema and the optimizer's estimates: what planning needs. O(1) statements a question. */
import type { KeyRange, KeyTuple, ServerIdentity, TablePlan } from '@rowparity/contracts';
import type { Side } from '../sides/sides.ts';

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
  readonly estimatedRows: number;
  /** The table has columns that the user may not read; their names are unknown. */
  readonly hasHiddenColumns: boolean;
  /** MariaDB and MySQL have collations of one name and two orders. */
  readonly isMariaDb: boolean;
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
  /** Throws the server's fault for a predicate on this table. Reads no row. */
  tryPredicate(
    predicate: { readonly table: string; readonly where: string },
    signal: AbortSignal,
  ): Promise<void>;
}
