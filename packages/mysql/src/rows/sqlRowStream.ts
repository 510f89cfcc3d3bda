/** The rows of one statement, page by page. It has its session to itself while it runs. */
import type { KeyRange } from '@rowparity/contracts';
import {
  headOf,
  keyAt,
  type RowLayout,
  type RowStream,
  type StreamedPage,
  type StreamLimits,
} from '@rowparity/core';
import type { Session } from '../connection/session.ts';
import type { SessionSource, YieldingStream } from '../connection/sideSessions.ts';
import type { Statement } from '../sql/sideSql.ts';
import type { ResultSetShape } from '../wire/resultSetShape.ts';
import type { RowFlow } from '../wire/rowFlow.ts';
import type { StreamBuffer } from '../wire/streamBuffer.ts';
import type { WireColumn } from '../wire/wireColumn.ts';

/** Up to this many remaining rows are read and discarded. With more it is cheaper to connect again. */
const DRAIN_ROWS_MAX = 10_000;

export interface StreamedStatement {
  readonly range: KeyRange;
  statement(range: KeyRange): Statement;
  readonly limits: StreamLimits;
  readonly shape: ResultSetShape;
  /** Checks the page before the caller gets it; throws when its rows are not those requested. */
  checked(page: WiredStreamedPage, range: KeyRange): WiredStreamedPage;
  /** The first rows of the page are done with, and others follow. */
  onTaken?(page: WiredStreamedPage, rows: number): void;
  layoutOf(columns: readonly WireColumn[]): RowLayout;
  /** The stream can continue behind the last key that was taken. */
  readonly canMakeWay: boolean;
}

/** A page that knows the columns of its rows. */
export interface WiredStreamedPage extends StreamedPage {
  readonly columns: readonly WireColumn[];
}

export class SqlRowStream implements RowStream, YieldingStream {
  readonly #source: Pick<SessionSource, 'session' | 'streams'>;
  readonly #of: StreamedStatement;
  readonly #signal: AbortSignal;
  /** What is still to come. */
  #range: KeyRange;
  #page: WiredStreamedPage | undefined;
  #open:
    | {
        readonly session: Session;
        readonly flow: RowFlow;
        readonly buffer: StreamBuffer;
        readonly range: KeyRange;
      }
    | undefined;

  constructor(
    source: Pick<SessionSource, 'session' | 'streams'>,
    statement: StreamedStatement,
    signal: AbortSignal,
  ) {
    this.#source = source;
    this.#of = statement;
    this.#range = statement.range;
    this.#signal = signal;
  }

  async page(): Promise<WiredStreamedPage> {
    this.#page = await this.#next();
    return this.#page;
  }

  take(rows: number): void {
    this.#open?.buffer.take(rows);
    if (rows > 0 && this.#page) this.#of.onTaken?.(this.#page, rows);
    if (rows > 0 && this.#page && this.#of.canMakeWay) {
      this.#range = { after: keyAt(this.#page, rows - 1), upTo: this.#range.upTo };
    }
  }

  /** Rows that came and were not taken come again. */
  async makeWay(): Promise<void> {
    await this.#leave();
  }

  async close(): Promise<void> {
    this.#source.streams(undefined);
    await this.#leave();
  }

  async #next(): Promise<WiredStreamedPage> {
    this.#open ??= await this.#start();
    const { session, flow, buffer } = this.#open;
    buffer.makeRoom();
    await session.guarded(this.#signal, () => flow.untilFull());
    const { rows, bytes, bounds, columns } = buffer;
    const { limits } = this.#of;
    const layout = this.#of.layoutOf(columns);
    const came = { rows, bytes, bounds, columns, layout, isComplete: false, isCut: false };
    let whole: WiredStreamedPage;
    try {
      whole = this.#of.checked(came, this.#open.range);
    } catch (error) {
      session.destroy();
      throw error;
    }
    // A chunk may bring a few more rows than a page has.
    if (!flow.isEnded || rows > limits.page.rows) return headOf(whole, Math.min(rows, limits.page.rows));
    const isCut = buffer.seen >= limits.rows;
    return { ...whole, isCut, isComplete: !isCut };
  }

  async #leave(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const { session, flow, buffer } = open;
    if (flow.isEnded) {
      // The error that ended the rows may not have been reported yet.
      if (flow.hasFailed) session.destroy();
      else buffer.release();
      return;
    }
    const isWorthDraining = !this.#signal.aborted && this.#of.limits.rows - buffer.seen <= DRAIN_ROWS_MAX;
    if (!isWorthDraining) {
      session.destroy();
      return;
    }
    buffer.drain();
    // The result is not awaited: after a fault of these rows the session is not used again.
    await session.guarded(this.#signal, () => flow.untilFull()).catch(() => session.destroy());
    buffer.release();
  }

  async #start() {
    const session = await this.#source.session(this.#signal);
    const range = this.#range;
    const buffer = session.streamBuffer;
    buffer.reset(this.#of.limits.page, this.#of.shape);
    const { sql, parameters } = this.#of.statement(range);
    const flow = await session.startRows({ sql, parameters }, buffer, this.#signal);
    if (this.#of.canMakeWay) this.#source.streams(this);
    return { session, flow, buffer, range };
  }
}
