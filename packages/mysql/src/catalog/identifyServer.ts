/**
 * Reads a server's identity and replication position from variables, which need no privilege. Everything that needs a
 * privilege is left out.
 */
import { isTransient, type ServerIdentity } from '@rowparity/contracts';
import type { Session } from '../connection/session.ts';

/** The variable of the executed transactions, for each kind of server. */
const POSITION = { mysql: 'gtid_executed', mariaDb: 'gtid_current_pos' } as const;

export async function identifyServer(session: Session, signal: AbortSignal): Promise<ServerIdentity> {
  const [row] = await session.query(
    `SELECT VERSION() AS version, @@hostname AS host, @@port AS port, @@server_id AS serverId,
       IF(@@lower_case_table_names = 0, DATABASE(), LOWER(DATABASE())) AS db`,
    signal,
  );
  return {
    version: String(row?.version),
    host: String(row?.host),
    port: String(row?.port),
    serverId: String(row?.serverId),
    uuid: session.isMariaDb ? null : await variable(session, 'server_uuid', signal),
    database: String(row?.db),
    position: await position(session, signal),
  };
}

/**
 * The next number of the server's counter in UUID_SHORT(). The counter starts with the server, and each call in any
 * session moves it. Undefined when this server has none.
 */
export async function serverTick(session: Session, signal: AbortSignal): Promise<bigint | undefined> {
  try {
    const [row] = await session.query('SELECT CAST(UUID_SHORT() AS CHAR) AS tick', signal);
    return BigInt(String(row?.tick));
  } catch (error) {
    if (signal.aborted || isTransient(error)) throw error;
    return undefined;
  }
}

async function position(session: Session, signal: AbortSignal): Promise<ServerIdentity['position']> {
  const name = session.isMariaDb ? POSITION.mariaDb : POSITION.mysql;
  const value = await variable(session, name, signal);
  if (value) return { variable: name, value };
  return { missing: value === null ? `${name} cannot be read` : `${name} is empty: no GTIDs` };
}

/** Null when this server does not have it. */
async function variable(session: Session, name: string, signal: AbortSignal): Promise<string | null> {
  try {
    const [row] = await session.query(`SELECT @@global.${name} AS value`, signal);
    return String(row?.value ?? '');
  } catch (error) {
    if (signal.aborted || isTransient(error)) throw error;
    return null;
  }
}
