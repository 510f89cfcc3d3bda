/** What each statement of a row reader is to be answered with. */
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
   * Rows of the target that are not walked when they come: each is then byte for byte a row of the base, which was
   * walked, or it is decoded, and looked at then. The plan sees to it that both sides have columns of one layout. That
   * their keys go on is looked at where a page differs from the base's (LateOrder).
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

  digest(): ResultSetShape {
    return { of: this.of, columns: 2, rowsMax: 1, ...NO_KEY };
  }

  /** Whether the row is there, and a digest for each name. */
  probedDigests(): ResultSetShape {
    return { ...this.digest(), columns: 1 + 2 * PROBED.length };
  }
}
