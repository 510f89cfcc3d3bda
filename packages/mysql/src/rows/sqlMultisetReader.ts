/** Reads the digests of all rows of one side of a table pair, in passes over the whole table. */
import type { KeyRange, TablePlan } from '@rowparity/contracts';
import type {
  BucketSum,
  ColumnValue,
  DigestedRows,
  MultisetReader,
  ProbedRows,
  RowPage,
  Side,
} from '@rowparity/core';
import type { Session } from '../connection/session.ts';
import { SessionPool } from '../connection/sessionPool.ts';
import { type SessionSource, SideSessions } from '../connection/sideSessions.ts';
import { keyColumns, type NamedKeyColumn } from '../sql/keyColumn.ts';
import { MultisetSql } from '../sql/multisetSql.ts';
import { rowValues } from '../wire/binaryRow.ts';
import { protocolBroken } from '../wire/brokenProtocol.ts';
import { PageBuffer } from '../wire/pageBuffer.ts';
import type { ResultSetShape } from '../wire/resultSetShape.ts';

import type { WireColumn } from '../wire/wireColumn.ts';
import { SqlRowStream } from './sqlRowStream.ts';
import { WiredLayout } from './wiredLayout.ts';

/**
 * A pass digests about ten million rows a minute. The limit is below the time that a worker may be silent
 * (apps/worker).
 */
const PASS_MS = 600_000;
/** Each bucket that has rows is a short line. */
const SUMS_BYTES_MAX = 16 * 1024 * 1024;
const PAGE = { rows: 20_000, bytes: 1024 * 1024 };
/** A stream has no limit of its own: its buckets are few. */
const ALL_ROWS = Number.MAX_SAFE_INTEGER;

export class SqlMultisetReader implements MultisetReader {
  readonly #source: SessionSource;
  readonly #sql: MultisetSql;
  readonly #key: readonly NamedKeyColumn[];
  readonly #buckets: number;
  readonly #of: string;
  #session: Session | undefined;

  constructor(source: SessionSource | SessionPool, plan: TablePlan, side: Side) {
    this.#source = source instanceof SessionPool ? new SideSessions(source).pages : source;
    this.#sql = new MultisetSql(plan, side);
    this.#key = keyColumns(plan, side);
    this.#buckets = plan.multiset?.buckets ?? 1;
    this.#of = `Table ${plan.tables[side].table} (${side}) on ${source.place}`;
  }

  async sums(range: KeyRange, signal: AbortSignal): Promise<readonly BucketSum[]> {
    const lines = await this.#lines(this.#sql.sums(range), { columns: 3, rowsMax: this.#buckets }, signal);
    const sums = lines.map((values) => ({
      bucket: Number(this.#number(values[0])),
      rows: Number(this.#number(values[1])),
      sum: this.#number(values[2]),
    }));
    if (new Set(sums.map(({ bucket }) => bucket)).size < sums.length)
      throw this.#broken('a bucket came twice');
    return sums.sort((a, b) => a.bucket - b.bucket);
  }

  async *rows(buckets: readonly number[], signal: AbortSignal): AsyncGenerator<DigestedRows, void, void> {
    const key = this.#key.map(({ kind }) => kind);
    const columns = key.length + 2;
    const stream = new SqlRowStream(
      { session: () => this.#usableSession(signal), streams: () => undefined },
      {
        range: { after: null, upTo: null },
        statement: () => ({ sql: this.#sql.rows(buckets), parameters: [] }),
        limits: { rows: ALL_ROWS, page: PAGE },
        shape: this.#shape({ columns, rowsMax: ALL_ROWS, key }),
        checked: (page) => page,
        layoutOf: (wired) => new WiredLayout(wired, { key: this.#key, columns: [], side: 'base' }),
        canMakeWay: false,
      },
      signal,
    );
    try {
      for (;;) {
        const page = await stream.page();
        yield this.#digested(page, page.columns);
        stream.take(page.rows);
        if (page.isComplete) return;
      }
    } finally {
      await stream.close();
    }
  }

  async probe(
    slice: { readonly rows: number; readonly column: number },
    signal: AbortSignal,
  ): Promise<ProbedRows> {
    const lines = await this.#lines(this.#sql.probe(slice), { columns: 3, rowsMax: slice.rows }, signal);
    const digests = (i: number) => lines.map((values) => number64(values[i] as Buffer));
    return { truth: digests(0), again: digests(1), changed: digests(2) };
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    try {
      if (session?.isUsable)
        await session.limitStatements(session.usualStatementMs, new AbortController().signal);
    } finally {
      await this.#source.close();
    }
  }

  #digested(page: RowPage, columns: readonly WireColumn[]): DigestedRows {
    const identities = new BigUint64Array(page.rows);
    const digests = new BigUint64Array(page.rows);
    const copies = new BigUint64Array(page.rows).fill(1n);
    const isKeyless = this.#key.length === 0;
    for (let row = 0; row < page.rows; row += 1) {
      const values = rowValues({ bytes: page.bytes, start: page.bounds[2 * row] as number }, columns);
      const [first, second] = values.slice(this.#key.length).map((value) => number64(value as Buffer));
      identities[row] = first as bigint;
      digests[row] = (isKeyless ? first : second) as bigint;
      if (isKeyless) copies[row] = second as bigint;
    }
    return { lines: page.rows, identities, digests, copies, keyAt: (row) => page.layout.keyAt(page, row) };
  }

  async #lines(
    sql: string,
    answer: { readonly columns: number; readonly rowsMax: number },
    signal: AbortSignal,
  ): Promise<readonly (readonly ColumnValue[])[]> {
    const session = await this.#usableSession(signal);
    const page = new PageBuffer();
    page.reset(SUMS_BYTES_MAX, this.#shape({ ...answer, key: [] }));
    await session.readRows({ sql, parameters: [] }, page, signal);
    if (page.discardedRows > 0) throw this.#broken('more lines came than there are buckets');
    return Array.from({ length: page.rows }, (_, row) =>
      rowValues({ bytes: page.bytes, start: page.bounds[2 * row] as number }, page.columns),
    );
  }

  #shape(answer: Pick<ResultSetShape, 'columns' | 'rowsMax' | 'key'>): ResultSetShape {
    return { of: this.#of, isOrdered: false, ...answer };
  }

  async #usableSession(signal: AbortSignal): Promise<Session> {
    this.#session = await this.#source.session(signal);
    await this.#session.limitStatements(Math.max(PASS_MS, this.#session.usualStatementMs), signal);
    return this.#session;
  }

  #number(value: ColumnValue | undefined): bigint {
    const text = value?.toString('latin1') ?? '';
    if (!/^\d+$/.test(text)) throw this.#broken('a sum is not a number');
    return BigInt(text);
  }

  #broken(found: string): Error {
    this.#session?.destroy();
    return protocolBroken(this.#of, found);
  }
}

/** A digest or a count: eight bytes, the least first. */
function number64(value: Buffer): bigint {
  return value.readBigUInt64LE();
}
