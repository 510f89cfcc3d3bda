/**
 * Asks servers how loaded they are. One small session for each server, beside those that read rows: a server whose
 * connections are used up must still be asked. SELECT on a schema is enough for status variables.
 */
import { existsSync } from 'node:fs';
import { type BudgetHost, type HostReadings, type HostSignals, hasSignals } from '@rowparity/core';
import type { Row, Session } from '../connection/session.ts';

/** Limit of one statement. A server that takes longer is too loaded to be read from. */
const SIGNAL_STATEMENT_MS = 1000;
/** A server that is read from is asked twice a second. A session that is not asked for longer is ended. */
const IDLE_MS = 1000;

export interface SqlHostSignalsDeps {
  /** A session of its own to the server of a connection, with this limit for its statements. */
  openSession(connection: string, statementMs: number): Promise<Session>;
}

export class SqlHostSignals implements HostSignals {
  readonly #deps: SqlHostSignalsDeps;
  readonly #sessions = new Map<string, Session>();
  readonly #idle = new Map<string, NodeJS.Timeout>();
  readonly #asking = new Map<string, number>();

  constructor(deps: SqlHostSignalsDeps) {
    this.#deps = deps;
  }

  async read(host: BudgetHost, signal: AbortSignal): Promise<HostReadings> {
    const { pauseFile } = host.limits;
    const flag =
      pauseFile !== undefined && existsSync(pauseFile) ? `the file ${pauseFile} exists` : undefined;
    const asked = { ...host.limits, pauseFile: undefined, readWindows: undefined };
    if (!hasSignals(asked)) return { flag };
    try {
      return { flag, ...(await this.#ask(host, signal)) };
    } catch (error) {
      if (signal.aborted) throw error;
      return { flag, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#idle.clear();
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => (session.isUsable ? session.end() : undefined)));
  }

  async #ask(host: BudgetHost, signal: AbortSignal): Promise<HostReadings> {
    const { id } = host;
    clearTimeout(this.#idle.get(id));
    this.#asking.set(id, (this.#asking.get(id) ?? 0) + 1);
    try {
      return await this.#askOn(await this.#session(id, host.connection), host, signal);
    } finally {
      const others = (this.#asking.get(id) ?? 1) - 1;
      if (others > 0) this.#asking.set(id, others);
      else this.#endWhenIdle(id);
    }
  }

  #endWhenIdle(id: string): void {
    this.#asking.delete(id);
    const timer = setTimeout(() => {
      this.#idle.delete(id);
      const session = this.#sessions.get(id);
      this.#sessions.delete(id);
      if (session?.isUsable) void session.end();
    }, IDLE_MS);
    this.#idle.set(id, timer.unref());
  }

  async #askOn(session: Session, { limits }: BudgetHost, signal: AbortSignal): Promise<HostReadings> {
    const { maxLoad, throttleQuery, maxLagSeconds, lagQuery } = limits;
    const load = maxLoad && (await loadOf(session, namesOf(maxLoad), signal));
    const query =
      throttleQuery === undefined
        ? undefined
        : numberOf(await session.query(throttleQuery, signal), 'the throttle query');
    const lagSeconds = maxLagSeconds === undefined ? undefined : await lagOf(session, lagQuery, signal);
    return { load, query, lagSeconds };
  }

  async #session(id: string, connection: string): Promise<Session> {
    const known = this.#sessions.get(id);
    if (known?.isUsable) return known;
    const session = await this.#deps.openSession(connection, SIGNAL_STATEMENT_MS);
    this.#sessions.set(id, session);
    return session;
  }
}

function namesOf(loads: readonly { readonly variable: string }[]): readonly string[] {
  return [...new Set(loads.map(({ variable }) => variable))];
}

/** The server writes names in its own case; the limits have theirs. */
async function loadOf(
  session: Session,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const listed = names.map(session.escape).join(', ');
  const rows = await session.query(`SHOW GLOBAL STATUS WHERE Variable_name IN (${listed})`, signal);
  const load = new Map<string, number>();
  for (const row of rows) {
    const name = names.find((one) => one.toLowerCase() === String(row.Variable_name).toLowerCase());
    const value = Number(row.Value);
    if (name !== undefined && Number.isFinite(value)) load.set(name, value);
  }
  return load;
}

/** Undefined: this server is no replica. Null: the replica does not tell. */
async function lagOf(
  session: Session,
  lagQuery: string | undefined,
  signal: AbortSignal,
): Promise<number | null | undefined> {
  if (lagQuery !== undefined) return numberOf(await session.query(lagQuery, signal), 'the lag query');
  const rows = await session.query(
    session.isMariaDb ? 'SHOW ALL SLAVES STATUS' : 'SHOW REPLICA STATUS',
    signal,
  );
  if (rows.length === 0) return undefined;
  const lags = rows.map((row) => row.Seconds_Behind_Source ?? row.Seconds_Behind_Master ?? null);
  if (lags.some((lag) => lag === null)) return null;
  return Math.max(...lags.map(Number));
}

/** The first column of the first row. */
function numberOf(rows: readonly Row[], what: string): number {
  const [first] = Object.values(rows[0] ?? {});
  const text = first === undefined || first === null ? '' : String(first);
  const value = /^(true|false)$/i.test(text) ? Number(text.toLowerCase() === 'true') : Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw new Error(`${what} gave no number: expected one row with a number in its first column`);
}
