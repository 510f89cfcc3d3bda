/**
 * One connection to one server, set up so that both sides answer alike (setUpSession.ts). The server ends a statement
 * that hangs; if the server is silent, the session ends the connection.
 */
import { type FailureCode, Fault } from '@rowparity/contracts';
import { type Connection, createConnection, type PrepareStatementInfo, type RowDataPacket } from 'mysql2';
import { rowValues } from '../wire/binaryRow.ts';
import { protocolBroken } from '../wire/brokenProtocol.ts';
import { type CompressionAlgorithm, compressLink, offeredBy } from '../wire/compressedLink.ts';
import { checkDriverPackets } from '../wire/driverPackets.ts';
import type { Parameter } from '../wire/executePacket.ts';
import { openSocket } from '../wire/openSocket.ts';
import { PageBuffer } from '../wire/pageBuffer.ts';
import { isBetweenPackets, ServerEndedRows } from '../wire/rawCommand.ts';
import { rawExecute } from '../wire/rawExecute.ts';
import { RowFlow } from '../wire/rowFlow.ts';
import { StreamBuffer } from '../wire/streamBuffer.ts';
import { checkCertificateName } from './certificateName.ts';
import type { ConnectionTarget } from './connectionTarget.ts';
import { readNamesAsUtf8 } from './driverEncodings.ts';
import { faultOf, isOutOfOrder, mysqlErrno, strayBytesOf } from './faultOf.ts';
import { guardedPlugins } from './guardedPassword.ts';
import { loginFault } from './loginFault.ts';
import { isLoopback, logInByTls } from './loopbackLogin.ts';
import { type SessionSetUp, setUpSession } from './setUpSession.ts';
import type { StatementThrift } from './statementThrift.ts';
import { tlsOptions } from './tlsOptions.ts';

/** From the first packet until the session is set up: mysql2's own limit ends with the handshake. */
const CONNECT_TIMEOUT_MS = 10_000;
/** If the server does not answer COM_QUIT within this time, the socket is destroyed. */
const END_TIMEOUT_MS = 2000;
/** A server that is silent this long beyond its own limit has lost the connection. */
const SILENCE_FACTOR = 1.5;
/** Statement shapes of a table pair: open and closed ends by page sizes, point reads by slot counts. */
const PREPARED_MAX = 128;
/** ER_MAX_PREPARED_STMT_COUNT_REACHED */
const STATEMENTS_USED_UP = 1461;
/** One row of a few variables and literals. */
const CANARY_BYTES = 64 * 1024;
const NO_THRIFT: StatementThrift = { isOn: false };

readNamesAsUtf8();

/** The state of such a session is unknown, so it is not used again. */
const BREAKS_SESSION = new Set<FailureCode>([
  'CONNECTION_LOST',
  'SERVER_UNREACHABLE',
  'PROTOCOL_BROKEN',
  'ROW_TOO_LARGE',
]);

export type Row = Readonly<Record<string, unknown>>;

/** A statement to prepare, and what stands in its places. */
export interface Question {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

export class Session {
  readonly #connection: Connection;
  readonly #place: string;
  readonly #thrift: StatementThrift;
  /** Statements that are prepared, the oldest first. */
  readonly #prepared = new Set<string>();
  /** They live as long as the session, for the next shard. */
  readonly pageBuffer = new PageBuffer();
  readonly streamBuffer = new StreamBuffer();
  /** The connection's own limit; a released session gets it back. */
  readonly usualStatementMs: number;
  #statementMs: number;
  #setUp: SessionSetUp | undefined;
  readonly #canary = new PageBuffer();
  #isBroken = false;
  /** Bytes came that belong to no answer. */
  #strayBytes: Fault | undefined;
  #isOutOfOrder = false;

  private constructor(
    connection: Connection,
    of: { readonly place: string; readonly statementMs: number; readonly thrift: StatementThrift },
  ) {
    this.#connection = connection;
    this.#place = of.place;
    this.#thrift = of.thrift;
    this.usualStatementMs = of.statementMs;
    this.#statementMs = of.statementMs;
    checkDriverPackets(connection, of.place);
    connection.on('error', (error) => {
      this.#isBroken = true;
      this.#strayBytes ??= strayBytesOf(error, of.place);
    });
    // mysql2 takes packets whose numbers are out of order, and warns.
    connection.on('warn' as 'error', (warning) => {
      this.#isOutOfOrder ||= isOutOfOrder(warning);
    });
  }

  /**
   * Throws a fault when there is no server, when it refuses the login, or when it does not answer as asked. Without a
   * measurement of the link (openSession.ts), compress=auto is a plain connection.
   */
  static async open(
    target: ConnectionTarget,
    place: string,
    thrift: StatementThrift = NO_THRIFT,
  ): Promise<Session> {
    try {
      return await Session.#openOnce(target, place, thrift);
    } catch (error) {
      // A refusal by the server has a server error number.
      const isPasswordAsked =
        error instanceof Fault && error.code === 'TLS_NEEDED' && mysqlErrno(error) === undefined;
      if (!isPasswordAsked || !isLoopback(target.host)) throw error;
      const refused = await logInByTls(target);
      if (!refused) return Session.#openOnce(target, place, thrift);
      // A wrong password, which the server tells only of a whole one.
      const fault = loginFault(refused, place, { tls: 'unverified' });
      throw fault.code === 'ACCESS_DENIED' ? fault : error;
    }
  }

  static async #openOnce(target: ConnectionTarget, place: string, thrift: StatementThrift): Promise<Session> {
    const { host, port, socket, user, password, database, statementMs } = target;
    const ssl = await tlsOptions(target);
    const connection = createConnection({
      host,
      port,
      user,
      password,
      database,
      ...(ssl
        ? { ssl }
        : { stream: () => openSocket(socket === undefined ? { host, port } : { path: socket }) }),
      // The driver then sends the whole password where it is asked for it: no network is in between.
      ...(socket === undefined ? {} : { socketPath: socket }),
      ...(ssl || target.allowPublicKeyRetrieval ? {} : { authPlugins: guardedPlugins(place) }),
      charset: 'utf8mb4_bin',
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxPreparedStatements: PREPARED_MAX,
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
    });
    if (target.tls === 'verify') checkCertificateName(connection, host);
    const wish = target.compress;
    if (wish !== 'auto' && wish !== 'off') compressLink(connection, wish, place);
    const setUp = async () => {
      await connected(connection);
      const session = new Session(connection, { place, statementMs, thrift });
      await session.#begin();
      return session;
    };
    try {
      return await within(CONNECT_TIMEOUT_MS, setUp());
    } catch (error) {
      connection.on('error', () => undefined);
      destroy(connection);
      throw loginFault(error, place, target);
    }
  }

  /** The number of connections that the server allows this user, if the server reports it. */
  get connectionsMax(): number {
    return this.#setUp?.connectionsMax ?? Number.POSITIVE_INFINITY;
  }

  get settings(): number {
    return this.#setUp?.settings ?? 0;
  }

  /** How the server could compress what it sends, the better way first. */
  get offeredCompression(): readonly CompressionAlgorithm[] {
    return offeredBy(this.#connection);
  }

  get isMariaDb(): boolean {
    return this.#setUp?.isMariaDb === true;
  }

  /** BIT_XOR() of bytes gives bytes. */
  get xorsBytes(): boolean {
    return this.#setUp?.xorsBytes === true;
  }

  /**
   * Reads the session's variables and the canary again, in one round trip. Throws SESSION_NOT_AS_ASKED when they have
   * changed: then the rows read meanwhile prove nothing. Throws PROTOCOL_BROKEN when the server sent more than its
   * answers: a connection keeps the order of its bytes, so extra bytes would come before the canary. A server that ends
   * the session instead, or is lost, has sent nothing more. Throws a fault of the process when it cannot be told: the
   * connection was lost within the answer, or the statement was refused or ended.
   */
  async verify(): Promise<void> {
    this.expectNoStrayBytes();
    if (this.#isBroken || !this.#setUp) return;
    // What it holds is of the last time.
    this.#canary.release();
    try {
      await within(CONNECT_TIMEOUT_MS, this.#setUp.verify());
    } catch (error) {
      this.destroy();
      const fault = faultOf(error, this.#place);
      if (fault.code === 'PROTOCOL_BROKEN' || fault.code === 'SESSION_NOT_AS_ASKED') throw fault;
      const isEnded = error instanceof ServerEndedRows && fault.code === 'CONNECTION_LOST';
      // A server that is still there has refused the canary: nothing tells what the session is now.
      const isGone = fault.code === 'CONNECTION_LOST' || fault.code === 'SERVER_UNREACHABLE';
      if (!isGone || (this.#canary.hasBegun && !isEnded)) throw this.#unproven(error, fault);
      return;
    }
    if (this.#isOutOfOrder) throw protocolBroken(this.#place, 'packets came with numbers out of order');
  }

  /** Some of a canary has come, or an error in its place. */
  #unproven(error: unknown, fault: Fault): Fault {
    // A server that is there, and whose answer does not end, began it with bytes of another one.
    if (isSilence(error)) return protocolBroken(this.#place, 'bytes came behind the end of the rows');
    const { code, message } = fault;
    return new Fault(fault.class, { code, message }, { cause: error, place: 'process' });
  }

  /** For passes over whole tables, which take longer than other statements. */
  async limitStatements(ms: number, signal: AbortSignal): Promise<void> {
    if (ms === this.#statementMs) return;
    await this.guarded(signal, async () => this.#setUp?.limitStatements(ms));
    this.#statementMs = ms;
  }

  get isUsable(): boolean {
    return !this.#isBroken;
  }

  /** Throws PROTOCOL_BROKEN when bytes have come that belong to no answer: then no answer can be trusted. */
  expectNoStrayBytes(): void {
    if (!this.#isBroken && !isBetweenPackets(this.#connection)) {
      this.#strayBytes ??= protocolBroken(this.#place, 'bytes came that belong to no answer');
    }
    if (!this.#strayBytes) return;
    this.destroy();
    throw this.#strayBytes;
  }

  async query(sql: string, signal: AbortSignal): Promise<readonly Row[]> {
    return this.guarded(signal, () => queryRows(this.#connection, sql));
  }

  /** Runs a prepared SELECT and leaves its rows, undecoded, in `page`. */
  async readRows({ sql, parameters }: Question, page: PageBuffer, signal: AbortSignal): Promise<void> {
    await this.guarded(signal, async () => {
      const statement = await this.#prepare(sql);
      await rawExecute(this.#connection, { statement, parameters, buffer: page });
    });
  }

  /** Starts a prepared SELECT. Its rows go to `buffer`, undecoded, until the buffer is full. */
  async startRows(
    { sql, parameters }: Question,
    buffer: StreamBuffer,
    signal: AbortSignal,
  ): Promise<RowFlow> {
    const statement = await this.guarded(signal, () => this.#prepare(sql));
    return new RowFlow(this.#connection, { statement, parameters, buffer });
  }

  /** A text as a literal of SQL, with its quotes. */
  readonly escape = (text: string): string => this.#connection.escape(text);

  destroy(): void {
    this.#isBroken = true;
    destroy(this.#connection);
  }

  async end(): Promise<void> {
    this.#isBroken = true;
    const ended = new Promise<void>((resolve) => this.#connection.end(() => resolve()));
    await within(END_TIMEOUT_MS, ended).catch(() => this.destroy());
  }

  async #begin(): Promise<void> {
    this.#setUp = await setUpSession({
      place: this.#place,
      statementMs: this.#statementMs,
      query: (sql) => queryRows(this.#connection, sql),
      values: async (sql, columns) => {
        const page = this.#canary;
        const shape = { of: `The canary on ${this.#place}`, columns, rowsMax: 1, key: [], isOrdered: false };
        page.reset(CANARY_BYTES, shape);
        const statement = await this.#prepare(sql);
        await rawExecute(this.#connection, { statement, parameters: [], buffer: page });
        const starts = Array.from({ length: page.rows }, (_, row) => page.bounds[2 * row] as number);
        return starts.map((start) => rowValues({ bytes: page.bytes, start }, page.columns));
      },
    });
  }

  /** The session goes to the pool: it closes statements that other sessions may need. */
  rest(): void {
    if (this.#thrift.isOn) this.#forgetStatements();
  }

  async #prepare(sql: string): Promise<PrepareStatementInfo> {
    if (this.#thrift.isOn && !this.#prepared.has(sql)) this.#forgetStatements();
    const statement = await prepared(this.#connection, sql).catch((error: { readonly errno?: unknown }) => {
      if (error.errno !== STATEMENTS_USED_UP || this.#prepared.size === 0) throw error;
      this.#thrift.isOn = true;
      this.#forgetStatements();
      return prepared(this.#connection, sql);
    });
    this.#prepared.add(sql);
    const oldest = this.#prepared.values().next();
    if (this.#prepared.size > PREPARED_MAX && !oldest.done) this.#prepared.delete(oldest.value);
    return statement;
  }

  #forgetStatements(): void {
    for (const sql of this.#prepared) this.#connection.unprepare(sql);
    this.#prepared.clear();
  }

  /**
   * Turns errors into faults. An abort or silence ends the connection, because a running statement cannot be
   * withdrawn.
   */
  async guarded<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const cut = new AbortController();
    const stop = (reason: unknown) => {
      cut.abort(reason);
      this.destroy();
    };
    const onAbort = () => stop(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const silence = setTimeout(() => stop(silenceError()), this.#statementMs * SILENCE_FACTOR);
    try {
      const result = await Promise.race([step(), rejectionOf(cut.signal)]);
      if (this.#isOutOfOrder) throw protocolBroken(this.#place, 'packets came with numbers out of order');
      if (this.#strayBytes) throw this.#strayBytes;
      return result;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const fault = faultOf(error, this.#place);
      if (this.#isOutOfOrder || BREAKS_SESSION.has(fault.code)) this.destroy();
      throw fault;
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', onAbort);
    }
  }
}

function prepared(connection: Connection, sql: string): Promise<PrepareStatementInfo> {
  return new Promise((resolve, reject) => {
    connection.prepare(sql, (error, statement) => (error ? reject(error) : resolve(statement)));
  });
}

function connected(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

/** Destroys the socket. mysql2's own `destroy` only half-closes it, and the server would continue to send. */
function destroy(connection: Connection): void {
  connection.destroy();
  (connection as unknown as { readonly stream?: { destroy(): void } }).stream?.destroy();
}

/** Gives up after the time limit. A later failure of the promise is ignored. */
async function within<T>(ms: number, step: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(silenceError()), ms);
  });
  try {
    return await Promise.race([step, late]);
  } finally {
    clearTimeout(timer);
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

const SILENCE = 'ROWPARITY_READ_TIMEOUT';

function silenceError(): Error {
  return Object.assign(new Error('The server was silent for too long.'), { code: SILENCE });
}

function isSilence(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === SILENCE;
}

function queryRows(connection: Connection, sql: string): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}
