/** The statements that read one side of a table pair. Identifiers are quoted, keys are parameters. */
import type { ComparedColumn, KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import type { CountedKeys, DigestProbe, Side } from '@rowparity/core';
import type { Parameter } from '../wire/executePacket.ts';
import { type DigestBits, digestColumns } from './digestSql.ts';
import { asPlaceholder, type KeyParameter, keyColumns, type NamedKeyColumn } from './keyColumn.ts';
import { probedDigestSql } from './probedDigestSql.ts';
import { quoted } from './quoted.ts';
import { type Condition, keysCondition, rangeCondition, rangeFrom } from './rangeSql.ts';
import { readExpression } from './readExpression.ts';

export type { DigestBits };

export interface Statement {
  /** With a `?` for each parameter. */
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

export class SideSql {
  readonly key: readonly NamedKeyColumn[];
  readonly #plan: TablePlan;
  readonly #side: Side;
  readonly #orderBy: string;

  constructor(plan: TablePlan, side: Side) {
    this.#plan = plan;
    this.#side = side;
    this.key = keyColumns(plan, side);
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

  /** Of each range its place in the list, from 0, and its digest. */
  digests(ranges: readonly KeyRange[], bits: DigestBits): Statement {
    const digest = digestColumns(this.#plan, this.#side, bits);
    return together(
      ranges.map((range, i) => this.#select(`'${i}', ${digest}`, rangeCondition(this.key, range))),
    );
  }

  /** Whether the row of the probe is there, and the digests of `PROBED`. */
  probedDigests(range: KeyRange, { rows, row, column }: DigestProbe, bits: DigestBits): Statement {
    const condition = rangeCondition(this.key, range);
    const names = this.#plan.columns.map(({ names }) => quoted(names[this.#side])).join(', ');
    const key = this.key.map(({ name }) => quoted(name)).join(', ');
    const slice = this.#select(names, condition, `${this.#orderBy} LIMIT ${rows}`);
    const chosen = this.#select(key, condition, `${this.#orderBy} LIMIT 1 OFFSET ${row}`);
    const probed = { plan: this.#plan, side: this.#side, column, bits };
    return {
      sql: probedDigestSql(probed, { slice: slice.sql, chosen: chosen.sql }),
      parameters: [...slice.parameters, ...chosen.parameters],
    };
  }

  keyBehind(range: KeyRange, rows: number): Statement {
    return this.#counted(this.#keyColumns(), range, rows);
  }

  /** Of each key its columns, and behind them its place among the keys, from 0. */
  keysBehind(range: KeyRange, { rows, keys }: CountedKeys): Statement {
    const counts = Array.from({ length: keys }, (_, i) =>
      this.#counted(`${this.#keyColumns()}, '${i}'`, range, (i + 1) * rows),
    );
    return together(counts.map(({ sql, parameters }) => ({ sql: `(${sql})`, parameters })));
  }

  #counted(columns: string, range: KeyRange, rows: number): Statement {
    return this.#select(
      columns,
      rangeCondition(this.key, range),
      `${this.#orderBy} LIMIT 1 OFFSET ${rows - 1}`,
    );
  }

  firstKey(range: KeyRange): Statement {
    return this.#select(this.#keyColumns(), rangeCondition(this.key, range), `${this.#orderBy} LIMIT 1`);
  }

  /** The first key of a range whose first column is not before a value. */
  keyFrom(range: KeyRange, from: string): Statement {
    return this.#select(this.#keyColumns(), rangeFrom(this.key, range, from), `${this.#orderBy} LIMIT 1`);
  }

  lastKey(range: KeyRange): Statement {
    const backwards = this.key.map(({ name }) => `${quoted(name)} DESC`).join(', ');
    return this.#select(this.#keyColumns(), rangeCondition(this.key, range), `ORDER BY ${backwards} LIMIT 1`);
  }

  /** For EXPLAIN. It needs USE: under FORCE INDEX, MySQL 8 and later skip the index dives and answer 1. */
  forEstimate(range: KeyRange, literal: (parameter: KeyParameter) => string): string {
    const where = rangeCondition(this.key, range).sql(literal);
    const names = this.key.map(({ name }) => quoted(name)).join(', ');
    return `SELECT ${names} ${this.#from('USE')}${where ? ` WHERE ${where}` : ''}`;
  }

  #from(hint: 'FORCE' | 'USE'): string {
    const { schema, table } = this.#plan.tables[this.#side];
    const index = this.#plan.indexes[this.#side];
    return `FROM ${quoted(schema)}.${quoted(table)}${index === null ? '' : ` ${hint} INDEX (${quoted(index)})`}`;
  }

  #select(columns: string, condition: Condition, rest = ''): Statement {
    const parts = [condition.sql(asPlaceholder), this.#plan.where?.[this.#side]].filter(Boolean);
    const where = parts.length > 0 ? ` WHERE ${parts.map((part) => `(${part})`).join(' AND ')}` : '';
    const sql = `SELECT ${columns} ${this.#from('FORCE')}${where}${rest ? ` ${rest}` : ''}`;
    return { sql, parameters: condition.parameters };
  }

  #columns(): string {
    return this.#plan.columns.map((_, i) => this.#read(i)).join(', ');
  }

  #keyColumns(): string {
    return this.#plan.key.map(({ column }) => this.#read(column)).join(', ');
  }

  #read(i: number): string {
    const { names, readAs } = this.#plan.columns[i] as ComparedColumn;
    const isKey = this.#plan.key.some(({ column }) => column === i);
    return readExpression(quoted(names[this.#side]), { readAs, side: this.#side, isKey });
  }
}

/** The rows of all of them, in an order that the server chooses. */
function together(statements: readonly Statement[]): Statement {
  return {
    sql: statements.map(({ sql }) => sql).join(' UNION ALL '),
    parameters: statements.flatMap(({ parameters }) => parameters),
  };
}
