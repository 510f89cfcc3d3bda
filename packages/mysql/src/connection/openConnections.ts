/** The databases that specs may name: a shelf of sessions for each connection that the process was given. */
import { Fault } from '@rowparity/contracts';
import type { ConnectionTarget } from './connectionUrl.ts';
import { ServerAccounts } from './serverAccounts.ts';
import { SessionShelf } from './sessionShelf.ts';

export interface Connections {
  /** Throws CONNECTION_UNKNOWN when the process has no such connection. */
  shelf(ref: string): SessionShelf;
  close(): Promise<void>;
}

/** `targets` by upper-case name. */
export function openConnections(
  targets: ReadonlyMap<string, ConnectionTarget>,
  limits: { readonly idleMax: number },
): Connections {
  const shelves = new Map<string, SessionShelf>();
  const accounts = new ServerAccounts();
  for (const [name, target] of targets) {
    const places = accounts.placesOf(target);
    shelves.set(name, new SessionShelf(target, { ref: name.toLowerCase(), places, ...limits }));
  }
  return {
    shelf(ref) {
      const found = shelves.get(ref.toUpperCase());
      if (found) return found;
      const names = [...shelves.keys()].map((name) => name.toLowerCase()).join(', ');
      const variable = `ROWPARITY_CONNECTION_${ref.toUpperCase()}`;
      const message = `Connection "${ref}": expected one of ${names}. Set ${variable} on the coordinator and on every worker.`;
      throw new Fault('configuration', { code: 'CONNECTION_UNKNOWN', message });
    },
    async close() {
      await Promise.all([...shelves.values()].map((shelf) => shelf.close()));
    },
  };
}
