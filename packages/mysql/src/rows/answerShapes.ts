/** What each statement of a row reader is to be answered with. */
import type { KeyKind, TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import type { ResultSetShape } from '../wire/resultSetShape.ts';
import { PROBED } from './probedDigestSql.ts';

const NO_KEY = { key: [], isOrdered: false };

export class AnswerShapes {
  /** The table and its side, for messages. */
  readonly of: string;
  readonly kinds: readonly KeyKind[];
  readonly #columns: number;

  constructor(plan: TablePlan, side: Side, place: string) {
    this.of = `Table ${plan.tables[side].table} (${side}) on ${place}`;
    this.kinds = plan.key.map(({ kind }) => kind);
    this.#columns = plan.columns.length;
  }

  rowsInOrder(rowsMax: number): ResultSetShape {
    return { ...this.rows(rowsMax), isOrdered: true };
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
