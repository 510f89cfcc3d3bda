/**
 * Statements over all rows of a table whose rows cannot be read by a key. A row's digest is 64 bits of SHA-256 of
 * its framed columns (digestSql.ts); its identity is the same of the key's columns, or the digest itself. The last
 * bits of the identity are its bucket. Digests are added, not XORed: two equal rows must not cancel each other.
 */
import type { ComparedColumn, KeyRange, TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { changedColumn, framedColumns, rowHash } from './digestSql.ts';
import { quoted } from './quoted.ts';
import { readExpression } from './readExpression.ts';

const SLICE = 'slice.';

export class MultisetSql {
  readonly #plan: TablePlan;
  readonly #side: Side;
  readonly #digest: string;
  readonly #identity: string;

  constructor(plan: TablePlan, side: Side) {
    this.#plan = plan;
    this.#side = side;
    const framed = framedColumns(plan, side);
    this.#digest = rowHash(framed);
    // The columns of the key come first.
    this.#identity = plan.key.length === 0 ? this.#digest : rowHash(framed.slice(0, plan.key.length));
  }

  /** Bucket, rows, sum of digests. */
  sums({ after, upTo }: KeyRange): string {
    const bucket = this.#bucket();
    const bounds = [
      after ? `${bucket} > ${digits(after[0])}` : '',
      upTo ? `${bucket} <= ${digits(upTo[0])}` : '',
    ];
    return `SELECT CAST(${bucket} AS CHAR), CAST(COUNT(*) AS CHAR), CAST(SUM(${this.#digest}) AS CHAR) ${this.#from(bounds)} GROUP BY ${bucket}`;
  }

  /** The columns of the key, identity and digest; of a table without a key, each digest and how many rows have it. */
  rows(buckets: readonly number[]): string {
    const condition = `${this.#bucket()} IN (${buckets.join(', ')})`;
    const from = this.#from([condition]);
    if (this.#plan.key.length === 0) return `SELECT ${this.#digest}, COUNT(*) ${from} GROUP BY 1`;
    return `SELECT ${[...this.#keyColumns(), this.#identity, this.#digest].join(', ')} ${from}`;
  }

  /** Digests of a few rows: as they are, once more, and with another value in one column. */
  probe({ rows, column }: { readonly rows: number; readonly column: number }): string {
    const names = this.#plan.columns.map(({ names }) => quoted(names[this.#side])).join(', ');
    const framed = framedColumns(this.#plan, this.#side, SLICE);
    const compared = this.#plan.columns[column] as ComparedColumn;
    const changed = framed.with(column, changedColumn(compared, this.#side, SLICE));
    const digests = [framed, framed, changed].map(rowHash).join(', ');
    return `SELECT ${digests} FROM (SELECT ${names} ${this.#from([])} LIMIT ${rows}) AS slice`;
  }

  #bucket(): string {
    return `(${this.#identity} & ${(this.#plan.multiset?.buckets ?? 1) - 1})`;
  }

  #keyColumns(): readonly string[] {
    return this.#plan.key.map(({ column }) => {
      const { names, readAs } = this.#plan.columns[column] as ComparedColumn;
      return readExpression(quoted(names[this.#side]), { readAs, side: this.#side, isKey: true });
    });
  }

  #from(conditions: readonly string[]): string {
    const { schema, table } = this.#plan.tables[this.#side];
    const all = [...conditions, this.#plan.where?.[this.#side] ?? ''].filter(Boolean);
    const where = all.length > 0 ? ` WHERE ${all.map((one) => `(${one})`).join(' AND ')}` : '';
    return `FROM ${quoted(schema)}.${quoted(table)}${where}`;
  }
}

function digits(text: string | undefined): string {
  if (text === undefined || !/^\d+$/.test(text)) throw new Error('Expected a bucket in decimal digits.');
  return text;
}
