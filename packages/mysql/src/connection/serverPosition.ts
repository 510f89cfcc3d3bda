/** Where a server's history stands, as it says itself. Variables need no privilege. */
import { isTransient, type ServerIdentity } from '@rowparity/contracts';
import type { Session } from './session.ts';

/** What each kind of server calls the transactions that it has executed. */
const POSITION = { mysql: 'gtid_executed', mariaDb: 'gtid_current_pos' } as const;

/** A MariaDB replica that was written to tells its own transactions first; here they do not count. */
const APPLIED = 'gtid_slave_pos';

export async function serverPosition(
  session: Session,
  signal: AbortSignal,
): Promise<Pick<ServerIdentity, 'position' | 'serverId' | 'uuid'>> {
  const name = session.isMariaDb ? POSITION.mariaDb : POSITION.mysql;
  const serverId = await variable(session, 'server_id', signal);
  const uuid = session.isMariaDb ? null : await variable(session, 'server_uuid', signal);
  const value = await variable(session, name, signal);
  const missing = value === null ? `${name} cannot be read` : `${name} is empty: no GTIDs`;
  if (!value) return { serverId: serverId ?? '', uuid, position: { missing } };
  const applied = session.isMariaDb ? await variable(session, APPLIED, signal) : null;
  const position = { variable: name, value, ...(applied ? { applied } : {}) };
  return { serverId: serverId ?? '', uuid, position };
}

/** Null when this server does not tell. */
async function variable(session: Session, name: string, signal: AbortSignal): Promise<string | null> {
  try {
    const [row] = await session.query(`SELECT @@global.${name} AS value`, signal);
    return String(row?.value ?? '');
  } catch (error) {
    if (signal.aborted || isTransient(error)) throw error;
    return null;
  }
}
