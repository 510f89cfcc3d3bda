/** Reads what a diagnosis needs to know of a server, in a session as a run has it. Needs no privilege but the login. */
import type { Clock } from '@rowparity/contracts';
import type { ServerFacts } from '@rowparity/core';
import { identifyServer } from '../catalog/identifyServer.ts';
import { seesEveryTable } from '../catalog/listTables.ts';
import type { ConnectionTarget } from '../connection/connectionTarget.ts';
import { isLoopback } from '../connection/loopbackLogin.ts';
import type { Session } from '../connection/session.ts';

export interface ServerFactsDeps {
  readonly target: ConnectionTarget;
  /** What is known of the link, for people. */
  readonly link: string;
  readonly clock: Pick<Clock, 'now'>;
}

export async function readServerFacts(
  session: Session,
  { target, link, clock }: ServerFactsDeps,
  signal: AbortSignal,
): Promise<ServerFacts> {
  const [row] = await session.query(
    'SELECT VERSION() AS version, CURRENT_USER() AS account, @@max_user_connections AS ofUser, @@max_connections AS ofAll',
    signal,
  );
  const status = await statusOf(session, signal);
  const { position } = await identifyServer(session, signal);
  const cipher = status.get('Ssl_cipher') || undefined;
  return {
    version: String(row?.version),
    isMariaDb: session.isMariaDb,
    account: String(row?.account),
    tls: cipher === undefined ? null : `${status.get('Ssl_version') ?? 'TLS'} (${cipher})`,
    isLocal: target.socket !== undefined || isLoopback(target.host),
    isVerified: target.tls === 'verify',
    link,
    settings: session.settings,
    connectionsOfUser: Number(row?.ofUser) || null,
    connectionsOfAll: Number(row?.ofAll),
    connected: Number(status.get('Threads_connected') ?? 0),
    clock: await readClock(session, clock, signal),
    isWhole: await seesEveryTable(session, target.database, signal),
    positionMissing: 'missing' in position ? position.missing : undefined,
  };
}

async function statusOf(session: Session, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query(
    "SHOW STATUS WHERE Variable_name IN ('Ssl_cipher', 'Ssl_version', 'Threads_connected')",
    signal,
  );
  return new Map(rows.map((row) => [String(row.Variable_name), String(row.Value)]));
}

/** NOW() is the clock that predicates see. The session's time zone is UTC. */
async function readClock(
  session: Session,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<ServerFacts['clock']> {
  const beforeMs = clock.now();
  const [row] = await session.query('SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000 AS CHAR) AS ms', signal);
  return { serverMs: Number(row?.ms), beforeMs, afterMs: clock.now() };
}
