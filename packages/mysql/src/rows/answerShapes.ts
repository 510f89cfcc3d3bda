/** The expected answer to each statement of a row reader. */
import type { KeyKind, TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { PROBED } from '../sql/probedDigestSql.ts';
import type { ResultSetShape } from '../wire/resultSetShape.ts';

const NO_KEY = { key: [], isOrdered: false };

export class AnswerShapes {
  /** The table and its side, for messages. */
  readonly of: string;
  readonly kinds: readonly KeyKind[];
  /**
   * Rows of the target are not walked when they come. Each is later either byte for byte equal to a row of the base,
   * which was walked, or decoded and checked. The plan ensures that both sides have columns of one layout. LateOrder
   * checks the order of the keys where a page differs from the base's.
   */
  readonly isUnwalked: boolean;
  readonly #columns: number;

  constructor(plan: TablePlan, side: Side, place: string) {
    this.of = `Table ${plan.tables[side].table} (${side}) on ${place}`;
    this.kinds = plan.key.map(({ kind }) => kind);
    this.isUnwalked = side === 'target' && this.kinds.length === 1 && this.kinds[0] === 'integer';
    this.#columns = plan.columns.length;
  }

  rowsInOrder(rowsMax: number): ResultSetShape {
    return { ...this.rows(rowsMax), isOrdered: true, isUnwalked: this.isUnwalked };
  }

  rows(rowsMax: number): ResultSetShape {
    return { of: this.of, columns: this.#columns, rowsMax, key: this.kinds, isOrdered: false };
  }

  oneKey(): ResultSetShape {
    return { ...this.rows(1), columns: this.kinds.length };
  }

  /** Each with its place. */
  keys(rowsMax: number): ResultSetShape {
    return { ...this.rows(rowsMax), columns: this.kinds.length + 1 };
  }

  /** Each with its place. */
  digests(rowsMax: number): ResultSetShape {
    return { of: this.of, columns: 3, rowsMax, ...NO_KEY };
  }

  /** Whether the row is there, and a digest for each name. */
  probedDigests(): ResultSetShape {
    return { ...this.digests(1), columns: 1 + 2 * PROBED.length };
  }
}
