/** The databases that specs may name: a pool of sessions for each connection that the process was given. */
import { Fault, type HostLimits } from '@rowparity/contracts';
import { type ConnectionTarget, serverOf } from './connectionTarget.ts';
import { linkWords } from './linkWords.ts';
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
  /** What was measured of its link, and whether it is compressed, for people. */
  link(ref: string): string;
  /** Sessions in use and open at this moment. */
  use(): readonly ServerUse[];
  close(): Promise<void>;
}

/** A link was measured, and what follows is not what it was. */
export interface LinkChoice {
  readonly server: string;
  /** `off`, `zlib` or `zstd` */
  readonly compress: string;
  readonly why: string;
}

/** `targets` by upper-case name. */
export function openConnections(
  targets: ReadonlyMap<string, ConnectionTarget>,
  { onLink, ...limits }: { readonly idleMax: number; readonly onLink?: (choice: LinkChoice) => void },
): Connections {
  const pools = new Map<string, SessionPool>();
  const accounts = new ServerAccounts();
  for (const [name, target] of targets) {
    const places = accounts.placesOf(target);
    places.link.onChoice = ({ use, why }) => onLink?.({ server: serverOf(target), compress: use, why });
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
    link: (ref) => {
      const { link } = pool(ref).places;
      return linkWords(targets.get(ref.toUpperCase()) as ConnectionTarget, link.choice);
    },
    use: () => accounts.use(),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
