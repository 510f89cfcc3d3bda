/** Reads the rows of one side of a table pair, as bytes, over one session of its own. */
import type { KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import type {
  ColumnValue,
  DigestProbe,
  PageLimits,
  ProbedDigests,
  RangeDigest,
  RowPage,
  RowReader,
  RowStream,
  Side,
  StreamLimits,
} from '@rowparity/core';
import type { Session } from '../connection/session.ts';
import type { SessionShelf } from '../connection/sessionShelf.ts';
import { rowValues } from '../wire/binaryRow.ts';
import { valueText } from '../wire/valueText.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { PROBED } from './probedDigestSql.ts';
import { SameDefinitions } from './sameDefinitions.ts';
import { SideSql, type Statement } from './sideSql.ts';
import { SqlRowStream } from './sqlRowStream.ts';

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
  readonly #sql: SideSql;
  readonly #definitions: SameDefinitions;
  #session: Session | undefined;
  #columns: readonly WireColumn[] = [];

  constructor(shelf: SessionShelf, plan: TablePlan, side: Side) {
    this.#shelf = shelf;
    this.#sql = new SideSql(plan, side);
    this.#definitions = new SameDefinitions(`${plan.tables[side].table} (${side})`);
  }

  async readPage(range: KeyRange, limits: PageLimits, signal: AbortSignal): Promise<RowPage> {
    const page = await this.#read(this.#sql.rowsInOrder(range, limits.rows), limits.bytes, signal);
    this.#definitions.expect(page.definitions);
    this.#columns = page.columns;
    return { ...page, isComplete: page.isComplete && page.rows < limits.rows };
  }

  stream(range: KeyRange, limits: StreamLimits, signal: AbortSignal): RowStream {
    const statement = this.#sql.rowsInOrder(range, limits.rows);
    return new SqlRowStream(
      () => this.#usableSession(),
      { statement, limits, definitions: this.#definitions },
      signal,
    );
  }

  async readKeys(keys: readonly KeyTuple[], signal: AbortSignal): Promise<RowPage> {
    const slots = KEY_SLOTS.find((size) => size >= keys.length) ?? keys.length;
    const filled = Array.from({ length: slots }, (_, i) => keys[Math.min(i, keys.length - 1)] as KeyTuple);
    const page = await this.#read(this.#sql.rowsOf(filled), POINT_BYTES_MAX, signal);
    this.#columns = page.columns;
    return page;
  }

  async digest(range: KeyRange, signal: AbortSignal): Promise<RangeDigest> {
    const page = await this.#read(this.#sql.digest(range), DIGEST_BYTES, signal);
    return digestAt(rowValues(page.bytes, page.bounds[0] as number, page.columns), 0);
  }

  async probeDigest(
    range: KeyRange,
    probe: DigestProbe,
    signal: AbortSignal,
  ): Promise<ProbedDigests | undefined> {
    const page = await this.#read(this.#sql.probedDigests(range, probe), DIGEST_BYTES, signal);
    const values = rowValues(page.bytes, page.bounds[0] as number, page.columns);
    if (String(values[0]) !== '1') return undefined;
    return Object.fromEntries(PROBED.map((name, i) => [name, digestAt(values, 1 + 2 * i)])) as Record<
      (typeof PROBED)[number],
      RangeDigest
    >;
  }

  async keyBehind(range: KeyRange, rows: number, signal: AbortSignal): Promise<KeyTuple | undefined> {
    return this.#oneKey(this.#sql.keyBehind(range, rows), signal);
  }

  async lastKey(range: KeyRange, signal: AbortSignal): Promise<KeyTuple | undefined> {
    return this.#oneKey(this.#sql.lastKey(range), signal);
  }

  async #oneKey(statement: Statement, signal: AbortSignal): Promise<KeyTuple | undefined> {
    const page = await this.#read(statement, DIGEST_BYTES, signal);
    if (page.rows === 0) return undefined;
    const values = rowValues(page.bytes, page.bounds[0] as number, page.columns);
    return this.#sql.key.map((form, i) =>
      valueText(values[i] as Buffer, page.columns[i] as WireColumn, form),
    );
  }

  keyAt(page: RowPage, row: number): KeyTuple {
    const columns = this.#columnsOf(page);
    const values = rowValues(page.bytes, page.bounds[2 * row] as number, columns, this.#sql.key.length);
    return this.#sql.key.map((form, i) => valueText(values[i] as Buffer, columns[i] as WireColumn, form));
  }

  valuesAt(page: RowPage, row: number): readonly ColumnValue[] {
    return rowValues(page.bytes, page.bounds[2 * row] as number, this.#columnsOf(page));
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (!session) return;
    try {
      if (session.isUsable) await session.verify(new AbortController().signal);
    } finally {
      await this.#shelf.giveBack(session);
    }
  }

  async #read({ sql, parameters }: Statement, bytesMax: number, signal: AbortSignal): Promise<Wired> {
    const session = await this.#usableSession();
    const buffer = session.pageBuffer;
    buffer.reset(bytesMax);
    await session.readRows(sql, parameters, buffer, signal);
    const { rows, bytes, bounds, columns, definitions } = buffer;
    return { rows, bytes, bounds, columns, definitions, isComplete: buffer.discardedRows === 0 };
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

function digestAt(values: readonly ColumnValue[], i: number): RangeDigest {
  const [rows, digest] = values.slice(i, i + 2).map(String);
  return { rows: Number(rows), digest: `${rows} ${digest}` };
}
