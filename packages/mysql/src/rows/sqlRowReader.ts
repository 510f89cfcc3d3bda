/** Reads the rows of one side of a table pair, as bytes. */
import type { Fault, KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import {
  AskedKeys,
  type ColumnValue,
  type CountedKeys,
  type DigestProbe,
  isOutside,
  type PageLimits,
  type ProbedDigests,
  type ProgressQuestion,
  type RangeDigest,
  type RowBytes,
  type RowPage,
  type RowReader,
  type RowStream,
  type ServerPosition,
  type ServerProgress,
  type Side,
  type StreamLimits,
} from '@rowparity/core';
import { serverPosition } from '../connection/serverPosition.ts';
import type { Session } from '../connection/session.ts';
import { SessionPool } from '../connection/sessionPool.ts';
import { type SessionSource, SideSessions } from '../connection/sideSessions.ts';
import { serverProgress } from '../sql/serverProgress.ts';
import { SideSql, type Statement } from '../sql/sideSql.ts';
import { rowValues } from '../wire/binaryRow.ts';
import { OUT_OF_ORDER, protocolBroken } from '../wire/brokenProtocol.ts';
import { LateOrder } from '../wire/lateOrder.ts';
import type { ResultSetShape } from '../wire/resultSetShape.ts';
import { rowLayout } from '../wire/rowLayout.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { AnswerShapes } from './answerShapes.ts';
import { type DigestForm, digestsOfRows, probedDigestsOfRow } from './digestRow.ts';
import { SameDefinitions } from './sameDefinitions.ts';
import { SqlRowStream } from './sqlRowStream.ts';
import { type PlannedColumns, WiredLayout } from './wiredLayout.ts';

/** Few sizes of point reads, so that their statements stay prepared. */
const KEY_SLOTS = [1, 8, 64, 256] as const;
/** Columns that one statement makes digests of, counted once a range: a server parses the text of each. */
const DIGESTED_COLUMNS_MAX = 1000;
/** A few numbers, or a key. */
const DIGEST_BYTES = 64 * 1024;
/** Bytes that one point read may bring; with more, the caller asks for fewer keys. At least one row always comes. */
const POINT_BYTES_MAX = 4 * 1024 * 1024;
/** Rows of one stream when its session may be needed in between: few enough to read and discard the rest. */
const TIGHT_STREAM_ROWS = 10_000;

export interface Wired extends RowPage {
  readonly columns: readonly WireColumn[];
}

/** A statement and its expected answer. */
interface Question extends Statement {
  readonly shape: ResultSetShape;
  readonly bytesMax: number;
}

export class SqlRowReader implements RowReader {
  readonly #source: SessionSource;
  readonly #sql: SideSql;
  readonly #database: string;
  readonly #planned: PlannedColumns;
  readonly #definitions: SameDefinitions;
  readonly #shapes: AnswerShapes;
  #session: Session | undefined;
  /** Of the last columns: those of one statement stay the same. */
  #layout: WiredLayout | undefined;

  /** `beside`: another reader of the same side; the rows of both must have one definition of the table. */
  constructor(
    source: SessionSource | SessionPool,
    plan: TablePlan,
    role: Side | { readonly side: Side; readonly beside: SqlRowReader },
  ) {
    const side = typeof role === 'string' ? role : role.side;
    this.#source = source instanceof SessionPool ? new SideSessions(source).pages : source;
    this.#sql = new SideSql(plan, side);
    this.#database = plan.tables[side].schema;
    this.#planned = { key: this.#sql.key, columns: plan.columns, side };
    this.#definitions = typeof role === 'string' ? new SameDefinitions(plan, side) : role.beside.#definitions;
    this.#shapes = new AnswerShapes(plan, side, source.place);
  }

  async readPage(range: KeyRange, limits: PageLimits, signal: AbortSignal): Promise<RowPage> {
    const shape = this.#shapes.rowsInOrder(limits.rows);
    const question = { ...this.#sql.rowsInOrder(range, limits.rows), shape, bytesMax: limits.bytes };
    return this.#read(question, signal, (page) => {
      this.#expectInside(page, range);
      return this.#inLateOrder(new LateOrder(shape), {
        ...page,
        isComplete: page.isComplete && page.rows < limits.rows,
      });
    });
  }

  stream(range: KeyRange, limits: StreamLimits, signal: AbortSignal): RowStream {
    const rows = this.#source.isTight ? Math.min(limits.rows, TIGHT_STREAM_ROWS) : limits.rows;
    const shape = this.#shapes.rowsInOrder(rows);
    const order = new LateOrder(shape);
    return new SqlRowStream(
      { session: () => this.#usableSession(signal), streams: (stream) => this.#source.streams(stream) },
      {
        range,
        statement: (rest) => this.#sql.rowsInOrder(rest, rows),
        limits: { ...limits, rows },
        shape,
        checked: (page, rest) => {
          this.#expectInside(page, rest);
          return this.#inLateOrder(order, page);
        },
        onTaken: (page, rows) => order.taken(page, rows),
        layoutOf: (columns) => this.#layoutOf(columns),
        canMakeWay: true,
      },
      signal,
    );
  }

  async readKeys(keys: readonly KeyTuple[], signal: AbortSignal): Promise<Wired> {
    const slots = KEY_SLOTS.find((size) => size >= keys.length) ?? keys.length;
    const filled = Array.from({ length: slots }, (_, i) => keys[Math.min(i, keys.length - 1)] as KeyTuple);
    const asked = new AskedKeys(keys, this.#shapes.kinds);
    const shape = this.#shapes.rows(asked.size);
    const question = { ...this.#sql.rowsOf(filled), shape, bytesMax: POINT_BYTES_MAX };
    return this.#read(question, signal, (page) => {
      this.#definitions.expectRows(page.columns);
      for (let row = 0; row < page.rows; row += 1) this.#expectAsked(page.layout.keyAt(page, row), asked);
      return page;
    });
  }

  async digests(ranges: readonly KeyRange[], signal: AbortSignal): Promise<readonly RangeDigest[]> {
    const form = await this.#digestForm(signal);
    const atOnce = Math.max(1, Math.floor(DIGESTED_COLUMNS_MAX / this.#planned.columns.length));
    const digests: RangeDigest[] = [];
    for (let i = 0; i < ranges.length; i += atOnce) {
      const some = ranges.slice(i, i + atOnce);
      const shape = this.#shapes.digests(some.length);
      const question = { ...this.#sql.digests(some, form.bits), shape, bytesMax: DIGEST_BYTES };
      const found = await this.#read(question, signal, (page) =>
        digestsOfRows(this.#valuesOf(page, some.length), form),
      );
      digests.push(...found);
    }
    return digests;
  }

  async probeDigest(
    range: KeyRange,
    probe: DigestProbe,
    signal: AbortSignal,
  ): Promise<ProbedDigests | undefined> {
    const form = await this.#digestForm(signal);
    const shape = this.#shapes.probedDigests();
    const question = { ...this.#sql.probedDigests(range, probe, form.bits), shape, bytesMax: DIGEST_BYTES };
    return this.#read(question, signal, (page) => {
      const [values = []] = this.#valuesOf(page, 1);
      return probedDigestsOfRow(values, form);
    });
  }

  /** The columns of several keys are those of a union, which a server may declare in another way. */
  async keysBehind(range: KeyRange, counted: CountedKeys, signal: AbortSignal): Promise<readonly KeyTuple[]> {
    if (counted.keys === 1) {
      const key = await this.#oneKey(this.#sql.keyBehind(range, counted.rows), range, signal);
      return key ? [key] : [];
    }
    const shape = this.#shapes.keys(counted.keys);
    const question = { ...this.#sql.keysBehind(range, counted), shape, bytesMax: POINT_BYTES_MAX };
    return this.#read(question, signal, (page) => {
      const keys: KeyTuple[] = [];
      for (const [row, values] of this.#valuesOf(page, page.rows).entries()) {
        const key = page.layout.keyAt(page, row);
        this.#expectIn(range, key);
        keys[Number(String(values.at(-1)))] = key;
      }
      if (Object.keys(keys).join() !== [...keys.keys()].join())
        throw this.broken('a counted key is not there');
      return keys;
    });
  }

  async lastKey(range: KeyRange, signal: AbortSignal): Promise<KeyTuple | undefined> {
    return this.#oneKey(this.#sql.lastKey(range), range, signal);
  }

  async #oneKey(statement: Statement, range: KeyRange, signal: AbortSignal): Promise<KeyTuple | undefined> {
    const question = { ...statement, shape: this.#shapes.oneKey(), bytesMax: DIGEST_BYTES };
    return this.#read(question, signal, (page) => {
      this.#definitions.expectKey(page.columns);
      if (page.rows === 0) return undefined;
      const key = page.layout.keyAt(page, 0);
      this.#expectIn(range, key);
      return key;
    });
  }

  async position(signal: AbortSignal): Promise<ServerPosition> {
    return serverPosition(await this.#usableSession(signal), signal);
  }

  async progress(question: ProgressQuestion, signal: AbortSignal): Promise<ServerProgress> {
    const asked = { question, database: this.#database };
    return serverProgress(await this.#usableSession(signal), asked, signal);
  }

  forget(): void {
    if (this.#session?.isUsable) this.#session.pageBuffer.release();
  }

  broken(found: string): Fault {
    this.#session?.destroy();
    return protocolBroken(this.#shapes.of, found);
  }

  /** Throws PROTOCOL_BROKEN when a server sent more than it was asked for. */
  async close(): Promise<void> {
    this.#session = undefined;
    await this.#source.close();
  }

  /** After a wrong answer the state of the session is unknown, so it is not used again. */
  async #read<T>(
    { sql, parameters, shape, bytesMax }: Question,
    signal: AbortSignal,
    take: (page: Wired) => T,
  ): Promise<T> {
    const session = await this.#usableSession(signal);
    const buffer = session.pageBuffer;
    buffer.reset(bytesMax, shape);
    await session.readRows({ sql, parameters }, buffer, signal);
    const { rows, bytes, bounds, columns } = buffer;
    try {
      const layout = this.#layoutOf(columns);
      return take({ rows, bytes, bounds, columns, layout, isComplete: buffer.discardedRows === 0 });
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  async #usableSession(signal: AbortSignal): Promise<Session> {
    this.#session = await this.#source.session(signal);
    return this.#session;
  }

  #expectSound({ bytes, bounds }: RowBytes, row: number, columns: readonly WireColumn[]): void {
    const [start, end] = [bounds[2 * row] as number, bounds[2 * row + 1] as number];
    const layout = rowLayout(columns, this.#shapes.kinds.length);
    if (!layout.isSound(bytes, start, end)) throw this.broken('the values of a row do not fill it');
  }

  #inLateOrder<Page extends Wired>(order: LateOrder, page: Page): Page {
    if (!this.#shapes.isUnwalked) return page;
    const isBroken = order.brokenIn(page);
    const expectInOrder = (from: number, upTo: number) => {
      if (isBroken(from, upTo)) {
        throw this.broken(OUT_OF_ORDER);
      }
    };
    return { ...page, expectInOrder };
  }

  /** Rows come in order: if the first and the last are inside the range, all are. */
  #expectInside(page: Wired, range: KeyRange): void {
    this.#definitions.expectRows(page.columns);
    if (page.rows === 0) return;
    this.#expectIn(range, page.layout.keyAt(page, 0));
    this.#expectIn(range, page.layout.keyAt(page, page.rows - 1));
  }

  #expectIn(range: KeyRange, key: KeyTuple): void {
    if (!isOutside(key, range, this.#shapes.kinds)) return;
    throw this.broken('a key lies outside of the range that was asked for');
  }

  #expectAsked(key: KeyTuple, asked: AskedKeys): void {
    const found = asked.take(key);
    if (found === 'asked') return;
    const what = found === 'twice' ? 'a key came twice' : 'a key came that was not asked for';
    throw this.broken(what);
  }

  #valuesOf({ rows, bytes, bounds, columns }: Wired, expected: number): readonly (readonly ColumnValue[])[] {
    if (rows !== expected) throw this.broken(`expected ${expected} rows, found ${rows}`);
    return Array.from({ length: rows }, (_, row) =>
      rowValues({ bytes, start: bounds[2 * row] as number }, columns),
    );
  }

  async #digestForm(signal: AbortSignal): Promise<DigestForm> {
    const { xorsBytes } = await this.#usableSession(signal);
    return { bits: xorsBytes ? 256 : 64, server: this.#shapes.of };
  }

  #layoutOf(columns: readonly WireColumn[]): WiredLayout {
    if (this.#layout?.columns === columns) return this.#layout;
    this.#layout = new WiredLayout(columns, this.#planned, (page, row) => {
      if (this.#shapes.isUnwalked) this.#expectSound(page, row, columns);
    });
    return this.#layout;
  }
}
