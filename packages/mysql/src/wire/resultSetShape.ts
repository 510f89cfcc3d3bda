/** What a statement asked for: an answer of another shape is no answer to it. */
import type { KeyKind } from '@rowparity/contracts';

/**
 * Bytes of one row. A worker holds the row that is being read on both sides, and the chart allows it 384 MiB. Servers
 * may be set to send more, up to 1 GiB.
 */
export const ROW_BYTES_MAX = 128 * 1024 * 1024;

export interface ResultSetShape {
  /** The table and its side, for messages. */
  readonly of: string;
  readonly columns: number;
  /** More than the statement's LIMIT cannot come. */
  readonly rowsMax: number;
  /** Kinds of the key, whose columns come first and are never NULL. Empty: the rows have no key. */
  readonly key: readonly KeyKind[];
  /** The rows come in the order of the key, so no key comes twice. */
  readonly isOrdered: boolean;
  /**
   * Rows are found by their packets alone. Decoding one checks that it is sound; comparing checks that their keys go on
   * (LateOrder). Only for one integer as key.
   */
  readonly isUnwalked?: boolean;
  /** ROW_BYTES_MAX when left out. */
  readonly rowBytesMax?: number;
}
