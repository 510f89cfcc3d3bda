/** The rows of one statement, page by page, over a session that nothing else uses meanwhile. */
import { headOf, type RowStream, type StreamedPage, type StreamLimits } from '@rowparity/core';
import type { Session } from '../connection/session.ts';
import type { ResultSetShape } from '../wire/resultSetShape.ts';
import type { RowFlow } from '../wire/rowFlow.ts';
import type { StreamBuffer } from '../wire/streamBuffer.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import type { Statement } from './sideSql.ts';

/** So many rows that are still to come are read and thrown away; with more it is cheaper to connect again. */
const DRAIN_ROWS_MAX = 10_000;

export interface StreamedStatement {
  readonly statement: Statement;
  readonly limits: StreamLimits;
  readonly shape: ResultSetShape;
  /** Throws when the rows of a page are not what was asked for. */
  check(page: Omit<WiredStreamedPage, 'isCut'>): void;
}

/** A page that knows the columns of its rows. */
export interface WiredStreamedPage extends StreamedPage {
  readonly columns: readonly WireColumn[];
}

export class SqlRowStream implements RowStream {
  readonly #session: () => Promise<Session>;
  readonly #of: StreamedStatement;
  readonly #signal: AbortSignal;
  #open: { readonly session: Session; readonly flow: RowFlow; readonly buffer: StreamBuffer } | undefined;

  constructor(session: () => Promise<Session>, of: StreamedStatement, signal: AbortSignal) {
    this.#session = session;
    this.#of = of;
    this.#signal = signal;
  }

  async page(): Promise<WiredStreamedPage> {
    this.#open ??= await this.#start();
    const { session, flow, buffer } = this.#open;
    buffer.makeRoom();
    await session.guarded(this.#signal, () => flow.untilFull());
    const { rows, bytes, bounds, columns } = buffer;
    const { limits } = this.#of;
    const whole = { rows, bytes, bounds, columns, isComplete: false, isCut: false };
    try {
      this.#of.check(whole);
    } catch (error) {
      session.destroy();
      throw error;
    }
    // A chunk may bring a few more rows than a page has.
    if (!flow.isEnded || rows > limits.page.rows) return headOf(whole, Math.min(rows, limits.page.rows));
    const isCut = buffer.seen >= limits.rows;
    return { ...whole, isCut, isComplete: !isCut };
  }

  take(rows: number): void {
    this.#open?.buffer.take(rows);
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const { session, flow, buffer } = open;
    if (flow.isEnded) {
      // What ended the rows may not have been asked for yet.
      if (flow.hasFailed) session.destroy();
      return;
    }
    const isWorthDraining = !this.#signal.aborted && this.#of.limits.rows - buffer.seen <= DRAIN_ROWS_MAX;
    if (!isWorthDraining) {
      session.destroy();
      return;
    }
    buffer.drain();
    // Nobody waits for these rows: whatever goes wrong with them, the session is not used again.
    await session.guarded(this.#signal, () => flow.untilFull()).catch(() => session.destroy());
  }

  async #start() {
    const session = await this.#session();
    const buffer = session.streamBuffer;
    buffer.reset(this.#of.limits.page, this.#of.shape);
    const { sql, parameters } = this.#of.statement;
    const flow = await session.startRows(sql, parameters, buffer, this.#signal);
    return { session, flow, buffer };
  }
}
