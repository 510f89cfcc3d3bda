/**
 * Reads a server's identity and replication position from variables, which need no privilege. Everything that needs a
 * privilege is left out.
 */
import { isTransient, type ServerIdentity } from '@rowparity/contracts';
import { serverPosition } from '../connection/serverPosition.ts';
import type { Session } from '../connection/session.ts';

export async function identifyServer(session: Session, signal: AbortSignal): Promise<ServerIdentity> {
  const [row] = await session.query(
    `SELECT VERSION() AS version, @@hostname AS host, @@port AS port,
       IF(@@lower_case_table_names = 0, DATABASE(), LOWER(DATABASE())) AS db`,
    signal,
  );
  return {
    version: String(row?.version),
    host: String(row?.host),
    port: String(row?.port),
    database: String(row?.db),
    ...(await serverPosition(session, signal)),
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
