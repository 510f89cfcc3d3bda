/** Reads the rows of one side of a table pair, as bytes, over one session of its own. */
import type { KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import {
  type ColumnValue,
  Fault,
  type PageLimits,
  type RangeDigest,
  type RowPage,
  type RowReader,
  type Side,
} from '@rowparity/core';
import type { Session } from '../connection/session.ts';
import type { SessionShelf } from '../connection/sessionShelf.ts';
import { rowValues } from '../wire/binaryRow.ts';
import { valueText } from '../wire/valueText.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { digestColumns } from './digestSql.ts';
import { quoted } from './quoted.ts';
import {
  asPlaceholder,
  type Condition,
  keysCondition,
  type NamedKeyColumn,
  rangeCondition,
} from './rangeSql.ts';
import { readExpression } from './readExpression.ts';

/** Point reads come in so few sizes that their statements stay prepared. */
const KEY_SLOTS = [1, 8, 64, 256] as const;
/** One row of a few numbers, or of a key. */
const DIGEST_BYTES = 64 * 1024;
/** Bytes that one point read may bring; with more, the caller asks for fewer keys. At least one row always comes. */
const POINT_BYTES_MAX = 4 * 1024 * 1024;

interface Wired extends RowPage {
  readonly columns: readonly WireColumn[];
  readonly definitions: Buffer;
}

export class SqlRowReader implements RowReader {
  readonly #shelf: SessionShelf;
  readonly #key: readonly NamedKeyColumn[];
  readonly #select: string;
  readonly #selectKey: string;
  readonly #digest: string;
  readonly #orderBy: string;
  readonly #table: string;
  readonly #where: string | undefined;
  #session: Session | undefined;
  #columns: readonly WireColumn[] = [];
  /** Of the first page. */
  #definitions: Buffer | undefined;

  constructor(shelf: SessionShelf, plan: TablePlan, side: Side) {
    this.#shelf = shelf;
    const columns = plan.columns.map(({ names, readAs }) => readExpression(names[side], readAs)).join(', ');
    const { schema, table } = plan.tables[side];
    this.#key = plan.key.map(({ column, kind }) => ({ kind, name: plan.columns[column]?.names[side] ?? '' }));
    const from = `FROM ${quoted(schema)}.${quoted(table)} FORCE INDEX (${quoted(plan.indexes[side])})`;
    this.#select = `SELECT ${columns} ${from}`;
    this.#selectKey = `SELECT ${keyExpressions(plan, side)} ${from}`;
    this.#digest = `SELECT ${digestColumns(plan, side)} ${from}`;
    this.#where = plan.where?.[side];
    this.#table = `${table} (${side})`;
    this.#orderBy = `ORDER BY ${this.#key.map(({ name }) => quoted(name)).join(', ')}`;
  }

  async readPage(range: KeyRange, limits: PageLimits, signal: AbortSignal): Promise<RowPage> {
    const condition = rangeCondition(this.#key, range);
    const sql = `${this.#select}${this.#filtered(condition)} ${this.#orderBy} LIMIT ${limits.rows}`;
    const page = await this.#read(sql, condition, limits.bytes, signal);
    this.#expectSameColumns(page);
    this.#columns = page.columns;
    return { ...page, isComplete: page.isComplete && page.rows < limits.rows };
  }

  async readKeys(keys: readonly KeyTuple[], signal: AbortSignal): Promise<RowPage> {
    const slots = KEY_SLOTS.find((size) => size >= keys.length) ?? keys.length;
    const filled = Array.from({ length: slots }, (_, i) => keys[Math.min(i, keys.length - 1)] as KeyTuple);
    const condition = keysCondition(this.#key, filled);
    const sql = `${this.#select}${this.#filtered(condition)}`;
    const page = await this.#read(sql, condition, POINT_BYTES_MAX, signal);
    this.#columns = page.columns;
    return page;
  }

  async digest(range: KeyRange, signal: AbortSignal): Promise<RangeDigest> {
    const condition = rangeCondition(this.#key, range);
    const page = await this.#read(
      `${this.#digest}${this.#filtered(condition)}`,
      condition,
      DIGEST_BYTES,
      signal,
    );
    const [rows, digest] = rowValues(page.bytes, page.bounds[0] as number, page.columns).map(String);
    return { rows: Number(rows), digest: `${rows} ${digest}` };
  }

  async keyBehind(range: KeyRange, rows: number, signal: AbortSignal): Promise<KeyTuple | undefined> {
    return this.#oneKey(range, `${this.#orderBy} LIMIT 1 OFFSET ${rows - 1}`, signal);
  }

  async lastKey(range: KeyRange, signal: AbortSignal): Promise<KeyTuple | undefined> {
    const backwards = this.#key.map(({ name }) => `${quoted(name)} DESC`).join(', ');
    return this.#oneKey(range, `ORDER BY ${backwards} LIMIT 1`, signal);
  }

  async #oneKey(range: KeyRange, chosen: string, signal: AbortSignal): Promise<KeyTuple | undefined> {
    const condition = rangeCondition(this.#key, range);
    const sql = `${this.#selectKey}${this.#filtered(condition)} ${chosen}`;
    const page = await this.#read(sql, condition, DIGEST_BYTES, signal);
    if (page.rows === 0) return undefined;
    const values = rowValues(page.bytes, page.bounds[0] as number, page.columns);
    return this.#key.map(({ kind }, i) =>
      valueText(values[i] as Buffer, page.columns[i] as WireColumn, kind),
    );
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

  /** Rows of two definitions of a table are not rows of one table. */
  #expectSameColumns({ definitions }: Wired): void {
    this.#definitions ??= Buffer.from(definitions);
    if (this.#definitions.equals(definitions)) return;
    const message = `Table ${this.#table}: its columns were changed while a shard of it was read. Order a new run when the schema stands still.`;
    throw new Fault('permanent', { code: 'SCHEMA_CHANGED', message });
  }

  #filtered(condition: Condition): string {
    const range = condition.sql(asPlaceholder);
    const parts = [range, this.#where].filter(Boolean).map((part) => `(${part})`);
    return parts.length > 0 ? ` WHERE ${parts.join(' AND ')}` : '';
  }

  async #read(sql: string, condition: Condition, bytesMax: number, signal: AbortSignal): Promise<Wired> {
    const session = await this.#usableSession();
    const buffer = session.nextBuffer();
    buffer.reset(bytesMax);
    const beginMs = performance.now();
    await session.readRows(sql, condition.parameters, buffer, signal);
    const readMs = performance.now() - beginMs;
    const { rows, bytes, bounds, columns, definitions } = buffer;
    return { rows, bytes, bounds, columns, definitions, isComplete: buffer.discardedRows === 0, readMs };
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

function keyExpressions(plan: TablePlan, side: Side): string {
  return plan.key
    .map(({ column }) => plan.columns[column])
    .map((column) => (column ? readExpression(column.names[side], column.readAs) : ''))
    .join(', ');
}
