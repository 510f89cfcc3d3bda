// Databases on a test server: create, drop, connect. Exact by default: no number of a row passes through a
// JavaScript number, and every session is in UTC on a server of any time zone.

import { randomBytes } from 'node:crypto';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type RowDataPacket,
} from 'mysql2/promise';
import type { SqlAddress } from './server.ts';

/** A collation that MySQL and MariaDB both have and order alike. */
const COLLATION = 'utf8mb4_unicode_ci';

/** Makes an empty database; one of that name is dropped first. */
export async function createDatabase(server: SqlAddress, name: string): Promise<void> {
  await withConnection(server, async (connection) => {
    await connection.query(`DROP DATABASE IF EXISTS ${quoted(name)}`);
    await connection.query(`CREATE DATABASE ${quoted(name)} CHARACTER SET utf8mb4 COLLATE ${COLLATION}`);
  });
}

export async function dropDatabase(server: SqlAddress, name: string): Promise<void> {
  await withConnection(server, (connection) => connection.query(`DROP DATABASE IF EXISTS ${quoted(name)}`));
}

/** A connection to one database, or to none. Big integers and dates come as text. The caller ends it. */
export async function connect(
  server: SqlAddress,
  database?: string,
  options: ConnectionOptions = {},
): Promise<Connection> {
  const { host, port, user, password } = server;
  const connection = await createConnection({
    ...{ host, port, user, password },
    ...(database === undefined ? {} : { database }),
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    timezone: 'Z',
    ...options,
  });
  await connection.query(`SET time_zone = '+00:00'`);
  return connection;
}

/** Another session of the server, as its administrator sees it. */
export interface Session {
  readonly id: string;
  readonly user: string;
  readonly database: string | null;
  readonly command: string;
  readonly statement: string | null;
}

/**
 * Every session but the one that asks. By SHOW, not from information_schema: that fails on MySQL when some session's
 * statement, such as a predicate with binary values, is no text ("Cannot convert string … from utf8mb4 to utf8mb3").
 */
export async function otherSessions(connection: Connection): Promise<readonly Session[]> {
  const [rows] = await connection.query<RowDataPacket[]>('SHOW FULL PROCESSLIST');
  return rows
    .map(({ Id, User, db, Command, Info }) => ({
      ...{ id: String(Id), user: String(User), command: String(Command) },
      ...{ database: db as string | null, statement: Info as string | null },
    }))
    .filter(({ id }) => id !== String(connection.threadId));
}

/** A name that no other test, process or earlier run uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}

/**
 * `mysql://…/database?allowPublicKeyRetrieval=true`: test servers are reached without TLS, and a server that has just
 * been started remembers no user.
 */
export function databaseUrl(server: SqlAddress, database: string): string {
  const url = `${server.url.replace(/\/+$/, '')}/${encodeURIComponent(database)}`;
  return `${url}?allowPublicKeyRetrieval=true`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

async function withConnection<T>(
  server: SqlAddress,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(server);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}
