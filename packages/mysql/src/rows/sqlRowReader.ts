/** Reads the rows of one side of a table pair, as bytes, over one session of its own. */
import type { KeyRange, KeyTuple, ReadAs, TablePlan } from '@rowparity/contracts';
import type { ColumnValue, PageLimits, RowPage, RowReader, Side } from '@rowparity/core';
import type { Session } from '../connection/session.ts';
import type { SessionShelf } from '../connection/sessionShelf.ts';
import { rowValues } from '../wire/binaryRow.ts';
import { PageBuffer } from '../wire/pageBuffer.ts';
import { valueText } from '../wire/valueText.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { quoted } from './quoted.ts';
import {
  asPlaceholder,
  type Condition,
  keysCondition,
  type NamedKeyColumn,
  rangeCondition,
} from './rangeSql.ts';

/** Point reads come in so few sizes that their statements stay prepared. */
const KEY_SLOTS = [1, 8, 64, 256] as const;
/** Bytes that one point read may bring; the caller asks for few keys at a time. */
const POINT_BYTES_MAX = 256 * 1024 * 1024;

interface Wired extends RowPage {
  readonly columns: readonly WireColumn[];
}

export class SqlRowReader implements RowReader {
  readonly #shelf: SessionShelf;
  readonly #key: readonly NamedKeyColumn[];
  readonly #select: string;
  readonly #orderBy: string;
  readonly #where: string | undefined;
  /** Two, so that a page stays whole while the next one is read. */
  readonly #buffers: [PageBuffer, PageBuffer] = [new PageBuffer(), new PageBuffer()];
  #session: Session | undefined;
  #columns: readonly WireColumn[] = [];

  constructor(shelf: SessionShelf, plan: TablePlan, side: Side) {
    this.#shelf = shelf;
    const columns = plan.columns.map(({ names, readAs }) => readExpression(names[side], readAs)).join(', ');
    const { schema, table } = plan.tables[side];
    this.#key = plan.key.map(({ column, kind }) => ({ kind, name: plan.columns[column]?.names[side] ?? '' }));
    this.#select = `SELECT ${columns} FROM ${quoted(schema)}.${quoted(table)} FORCE INDEX (${quoted(plan.indexes[side])})`;
    this.#where = plan.where?.[side];
    this.#orderBy = `ORDER BY ${this.#key.map(({ name }) => quoted(name)).join(', ')}`;
  }

  async readPage(range: KeyRange, limits: PageLimits, signal: AbortSignal): Promise<RowPage> {
    const condition = rangeCondition(this.#key, range);
    const sql = `${this.#select}${this.#filtered(condition)} ${this.#orderBy} LIMIT ${limits.rows}`;
    const page = await this.#read(sql, condition, limits.bytes, signal);
    return { ...page, isComplete: page.isComplete && page.rows < limits.rows };
  }

  async readKeys(keys: readonly KeyTuple[], signal: AbortSignal): Promise<RowPage> {
    const slots = KEY_SLOTS.find((size) => size >= keys.length) ?? keys.length;
    const filled = Array.from({ length: slots }, (_, i) => keys[Math.min(i, keys.length - 1)] as KeyTuple);
    const condition = keysCondition(this.#key, filled);
    return this.#read(`${this.#select}${this.#filtered(condition)}`, condition, POINT_BYTES_MAX, signal);
  }

  keyAt(page: RowPage, row: number): KeyTuple {
    const columns = this.#columnsOf(page);
    const values = rowValues(page.bytes, page.bounds[2 * row] as number, columns, this.#key.length);
    return this.#key.map(({ kind }, i) => valueText(values[i] as Buffer, columns[i] as WireColumn, kind));
  }

  valuesAt(page: RowPage, row: number): readonly ColumnValue[] {
    return rowValues(page.bytes, page.bounds[2 * row] as number, this.#columnsOf(page));
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session) await this.#shelf.giveBack(session);
  }

  #filtered(condition: Condition): string {
    const range = condition.sql(asPlaceholder);
    const parts = [range, this.#where].filter(Boolean).map((part) => `(${part})`);
    return parts.length > 0 ? ` WHERE ${parts.join(' AND ')}` : '';
  }

  async #read(sql: string, condition: Condition, bytesMax: number, signal: AbortSignal): Promise<Wired> {
    const session = await this.#usableSession();
    this.#buffers.reverse();
    const buffer = this.#buffers[0];
    buffer.reset(bytesMax);
    await session.readRows(sql, condition.parameters, buffer, signal);
    this.#columns = buffer.columns;
    const { rows, bytes, bounds, columns } = buffer;
    return { rows, bytes, bounds, columns, isComplete: buffer.discardedRows === 0 };
  }

  async #usableSession(): Promise<Session> {
    if (!this.#session?.isUsable) this.#session = await this.#shelf.take();
    return this.#session;
  }

  /** Every result set of one reader has the same columns; a row copied out of its page carries none. */
  #columnsOf(page: RowPage): readonly WireColumn[] {
    return (page as Partial<Wired>).columns ?? this.#columns;
  }
}

/** What the server is asked for: the column, or its value in the wider common type of both sides. */
function readExpression(name: string, readAs: ReadAs): string {
  switch (readAs.kind) {
    case 'plain':
      return quoted(name);
    case 'decimal':
      return `CAST(${quoted(name)} AS DECIMAL(${readAs.precision},${readAs.scale}))`;
    case 'double':
      // CAST(… AS DOUBLE) is not known to MySQL 5.7.
      return `${quoted(name)} + 0e0`;
  }
}
