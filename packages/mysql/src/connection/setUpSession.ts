/**
 * Sets every variable of the table in a session and reads all of them back, with a canary: a fixed row of literals with
 * known bytes. A session with other values is refused: its rows would prove nothing (law 10).
 */
import { Fault } from '@rowparity/contracts';
import { CANARY, canaryProblems } from './canary.ts';
import {
  type Dialect,
  FIRST_STATEMENT,
  fixedVariables,
  type SessionVariable,
  statementLimit,
} from './sessionVariables.ts';

/** What setting up needs of a session. */
export interface BareSession {
  readonly place: string;
  readonly statementMs: number;
  /** Answers of the text protocol, as rows of named texts. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The rows of a prepared statement with this many columns, every value as it came; null is SQL NULL. */
  values(sql: string, columns: number): Promise<readonly (readonly (Buffer | null)[])[]>;
}

export interface SessionSetUp {
  readonly isMariaDb: boolean;
  /** BIT_XOR() of bytes: MySQL from 8.0 on. Others would make numbers of them. */
  readonly xorsBytes: boolean;
  /** Variables that were set and read back. */
  readonly settings: number;
  /** Connections that the server allows this user. */
  readonly connectionsMax: number;
  /** Reads everything back once more. Throws SESSION_NOT_AS_ASKED. */
  verify(): Promise<void>;
  /** Sets the time limit of the next statements. */
  limitStatements(ms: number): Promise<void>;
}

export async function setUpSession(session: BareSession): Promise<SessionSetUp> {
  await session.query(FIRST_STATEMENT);
  const [version] = await session.query(
    'SELECT VERSION() AS version, @@max_user_connections AS ofUser, @@max_connections AS ofAll',
  );
  const isMariaDb = /mariadb/i.test(String(version?.version));
  const xorsBytes = !/mariadb|tidb/i.test(String(version?.version)) && majorOf(version?.version) >= 8;
  const dialect: Dialect = isMariaDb ? 'mariaDb' : 'mysql';
  const wanted = fixedVariables(dialect);
  let limit = statementLimit(dialect, session.statementMs);
  const shown = await shownValues(session, [...wanted, limit]);
  const known = wanted.filter(({ name, isOptional }) => shown.has(name) || !isOptional);
  const toSet = [...known, limit].filter(({ name, value }) => shown.get(name) !== value);
  if (toSet.length > 0) await setAll(session, toSet);
  const verify = () => expectAsAsked(session, dialect, [...known, limit]);
  await verify();
  const limitStatements = async (ms: number) => {
    limit = statementLimit(dialect, ms);
    await setAll(session, [limit]);
  };
  const connectionsMax = Math.min(limitOf(version?.ofUser), limitOf(version?.ofAll));
  return { isMariaDb, xorsBytes, settings: known.length + 1, connectionsMax, verify, limitStatements };
}

/** 0: there is none. */
function limitOf(value: unknown): number {
  return Number(value) || Number.POSITIVE_INFINITY;
}

async function shownValues(
  session: BareSession,
  wanted: readonly SessionVariable[],
): Promise<ReadonlyMap<string, string>> {
  const names = wanted.map(({ name }) => `'${name}'`).join(', ');
  const rows = await session.query(`SHOW SESSION VARIABLES WHERE Variable_name IN (${names})`);
  return new Map(rows.map((row) => [String(row.Variable_name), String(row.Value)]));
}

/** ER_UNKNOWN_SYSTEM_VARIABLE, ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_WRONG_VALUE_FOR_VAR and similar errors. */
const REFUSED: ReadonlySet<unknown> = new Set([1193, 1227, 1231, 1232, 1238]);

async function setAll(session: BareSession, variables: readonly SessionVariable[]): Promise<void> {
  try {
    await session.query(`SET SESSION ${variables.map(assignment).join(', ')}`);
  } catch (error) {
    const { errno } = error as { readonly errno?: unknown };
    if (!REFUSED.has(errno)) throw error;
    const names = variables.map(({ name }) => name).join(', ');
    throw notAsAsked(session.place, [`the server refuses one of the variables ${names} (${errno})`]);
  }
}

function assignment({ name, value, literal }: SessionVariable): string {
  return `${name} = ${literal ?? `'${value}'`}`;
}

/** One statement: the canary's row, followed by every variable as text. */
async function expectAsAsked(
  session: BareSession,
  dialect: Dialect,
  variables: readonly SessionVariable[],
): Promise<void> {
  const readBack = variables.map(({ name }) => `CAST(@@SESSION.${name} AS CHAR)`);
  const columns = [...CANARY.map(({ sql }) => sql), ...readBack];
  const rows = await session.values(`SELECT ${columns.join(', ')}`, columns.length);
  const [row = []] = rows;
  const problems = [
    ...(rows.length === 1 ? [] : [`one row was asked for, ${rows.length} came`]),
    ...canaryProblems(row, dialect),
    ...variables.flatMap((variable, i) => variableProblem(variable, row[CANARY.length + i])),
  ];
  if (problems.length > 0) throw notAsAsked(session.place, problems);
}

function variableProblem({ name, value, why }: SessionVariable, found: Buffer | null | undefined): string[] {
  const text = found?.toString('latin1') ?? '';
  if (normal(text) === normal(value)) return [];
  return [`${name} is ${text === '' ? 'not set' : `"${text}"`}, expected "${value}" (${why})`];
}

/** SHOW says ON where SELECT says 1, and a duration comes with more or fewer zeros. */
function normal(value: string): string {
  if (value === 'ON') return '1';
  if (value === 'OFF') return '0';
  return /^\d+\.\d+$/.test(value) ? String(Number(value)) : value;
}

function notAsAsked(place: string, problems: readonly string[]): Fault {
  const message = `${place}: the session does not answer as it was asked to: ${problems.join('; ')}. Check init_connect, the server's global variables, and proxies between Rowparity and the server.`;
  return new Fault('configuration', { code: 'SESSION_NOT_AS_ASKED', message: message.slice(0, 2000) });
}

function majorOf(version: unknown): number {
  return Number.parseInt(String(version), 10);
}
