/** The databases that specs may name: a pool of sessions for each connection that the process was given. */
import { Fault, type HostLimits } from '@rowparity/contracts';
import type { ConnectionTarget } from './connectionTarget.ts';
import { openSession } from './openSession.ts';
import { ServerAccounts, type ServerUse } from './serverAccounts.ts';
import type { Session } from './session.ts';
import { SessionPool } from './sessionPool.ts';

export interface Connections {
  /** Throws CONNECTION_UNKNOWN when the process has no such connection. */
  pool(ref: string): SessionPool;
  /** A session of its own, which has no place and belongs to no pool; with another limit for its statements. */
  session(ref: string, statementMs: number): Promise<Session>;
  /** What the connection itself says of its server's limits. */
  limits(ref: string): HostLimits;
  /** Sessions in use and open at this moment. */
  use(): readonly ServerUse[];
  close(): Promise<void>;
}

/** `targets` by upper-case name. */
export function openConnections(
  targets: ReadonlyMap<string, ConnectionTarget>,
  limits: { readonly idleMax: number },
): Connections {
  const pools = new Map<string, SessionPool>();
  const accounts = new ServerAccounts();
  for (const [name, target] of targets) {
    const places = accounts.placesOf(target);
    pools.set(name, new SessionPool(target, { ref: name.toLowerCase(), places, ...limits }));
  }
  const pool = (ref: string): SessionPool => {
    const found = pools.get(ref.toUpperCase());
    if (found) return found;
    const names = [...pools.keys()].map((name) => name.toLowerCase()).join(', ');
    const variable = `ROWPARITY_CONNECTION_${ref.toUpperCase()}`;
    const message = `Connection "${ref}": expected one of ${names}. Set ${variable} on the coordinator and on every worker.`;
    throw new Fault('configuration', { code: 'CONNECTION_UNKNOWN', message });
  };
  return {
    pool,
    session: (ref, statementMs) => {
      const { place, places } = pool(ref);
      return openSession(
        { ...(targets.get(ref.toUpperCase()) as ConnectionTarget), statementMs },
        place,
        places,
      );
    },
    limits: (ref) => targets.get(ref.toUpperCase())?.limits ?? {},
    use: () => accounts.use(),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
