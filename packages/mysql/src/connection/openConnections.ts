/** The databases that specs may name: a pool of sessions for each connection that the process was given. */
import { Fault } from '@rowparity/contracts';
import { connectionUrl } from './connectionUrl.ts';
import { ServerAccounts } from './serverAccounts.ts';
import { SessionPool } from './sessionPool.ts';

export interface Connections {
  /** Throws CONNECTION_UNKNOWN when the process has no such connection. */
  pool(ref: string): SessionPool;
  close(): Promise<void>;
}

/** `urls` by upper-case name. Throws a configuration fault that names every variable with a problem. */
export function openConnections(
  urls: ReadonlyMap<string, string>,
  limits: { readonly idleMax: number },
): Connections {
  const problems: string[] = [];
  const pools = new Map<string, SessionPool>();
  const accounts = new ServerAccounts();
  for (const [name, url] of urls) {
    const read = connectionUrl.safeParse(url);
    if (read.success) {
      const places = accounts.placesOf(read.data);
      pools.set(name, new SessionPool(read.data, { ref: name.toLowerCase(), places, ...limits }));
    } else problems.push(`${variableOf(name)}: ${read.error.issues[0]?.message ?? 'not a URL'}`);
  }
  if (problems.length > 0) throw refused(problems.join('\n'));
  return {
    pool(ref) {
      const found = pools.get(ref.toUpperCase());
      if (found) return found;
      const names = [...pools.keys()].map((name) => name.toLowerCase()).join(', ');
      throw refused(
        `Connection "${ref}": expected one of ${names}. Set ${variableOf(ref.toUpperCase())} on the coordinator and on every worker.`,
      );
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

function variableOf(name: string): string {
  return `ROWPARITY_CONNECTION_${name}`;
}

function refused(message: string): Fault {
  return new Fault('configuration', { code: 'CONNECTION_UNKNOWN', message });
}
