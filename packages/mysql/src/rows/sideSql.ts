/** The statements that read one side of a table pair. Identifiers are quoted, keys are parameters. */
import type { KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import type { DigestProbe, Side } from '@rowparity/core';
import type { Parameter } from '../wire/executePacket.ts';
import { digestColumns } from './digestSql.ts';
import { probedDigestSql } from './probedDigestSql.ts';
import { quoted } from './quoted.ts';
import {
  asPlaceholder,
  type Condition,
  keysCondition,
  type NamedKeyColumn,
  rangeCondition,
} from './rangeSql.ts';
import { readExpression } from './readExpression.ts';

export interface Statement {
  /** With a `?` for each parameter. */
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

export class SideSql {
  readonly key: readonly NamedKeyColumn[];
  readonly #plan: TablePlan;
  readonly #side: Side;
  readonly #from: string;
  readonly #orderBy: string;

  constructor(plan: TablePlan, side: Side) {
    this.#plan = plan;
    this.#side = side;
    this.key = plan.key.map(({ column, kind }) => ({ kind, name: plan.columns[column]?.names[side] ?? '' }));
    const { schema, table } = plan.tables[side];
    this.#from = `FROM ${quoted(schema)}.${quoted(table)} FORCE INDEX (${quoted(plan.indexes[side])})`;
    this.#orderBy = `ORDER BY ${this.key.map(({ name }) => quoted(name)).join(', ')}`;
  }

  /** The compared columns of the first rows of a range. */
  rowsInOrder(range: KeyRange, rows: number): Statement {
    return this.#select(this.#columns(), rangeCondition(this.key, range), `${this.#orderBy} LIMIT ${rows}`);
  }

  /** The compared columns of these rows. */
  rowsOf(keys: readonly KeyTuple[]): Statement {
    return this.#select(this.#columns(), keysCondition(this.key, keys));
  }

  digest(range: KeyRange): Statement {
    return this.#select(digestColumns(this.#plan, this.#side), rangeCondition(this.key, range));
  }

  /** Whether the row of the probe is there, and the digests of `PROBED`. */
  probedDigests(range: KeyRange, { rows, row, column }: DigestProbe): Statement {
    const condition = rangeCondition(this.key, range);
    const names = this.#plan.columns.map(({ names }) => quoted(names[this.#side])).join(', ');
    const key = this.key.map(({ name }) => quoted(name)).join(', ');
    const slice = this.#select(names, condition, `${this.#orderBy} LIMIT ${rows}`);
    const chosen = this.#select(key, condition, `${this.#orderBy} LIMIT 1 OFFSET ${row}`);
    const of = { plan: this.#plan, side: this.#side, column };
    return {
      sql: probedDigestSql(of, { slice: slice.sql, chosen: chosen.sql }),
      parameters: [...slice.parameters, ...chosen.parameters],
    };
  }

  keyBehind(range: KeyRange, rows: number): Statement {
    const rest = `${this.#orderBy} LIMIT 1 OFFSET ${rows - 1}`;
    return this.#select(this.#keyColumns(), rangeCondition(this.key, range), rest);
  }

  lastKey(range: KeyRange): Statement {
    const backwards = this.key.map(({ name }) => `${quoted(name)} DESC`).join(', ');
    return this.#select(this.#keyColumns(), rangeCondition(this.key, range), `ORDER BY ${backwards} LIMIT 1`);
  }

  #select(columns: string, condition: Condition, rest = ''): Statement {
    const parts = [condition.sql(asPlaceholder), this.#plan.where?.[this.#side]].filter(Boolean);
    const where = parts.length > 0 ? ` WHERE ${parts.map((part) => `(${part})`).join(' AND ')}` : '';
    const sql = `SELECT ${columns} ${this.#from}${where}${rest ? ` ${rest}` : ''}`;
    return { sql, parameters: condition.parameters };
  }

  #columns(): string {
    return this.#plan.columns
      .map(({ names, readAs }) => readExpression(quoted(names[this.#side]), readAs))
      .join(', ');
  }

  #keyColumns(): string {
    return this.#plan.key
      .map(({ column }) => this.#plan.columns[column])
      .map((column) => (column ? readExpression(quoted(column.names[this.#side]), column.readAs) : ''))
      .join(', ');
  }
}
