/** The databases that specs may name, for planning. */
import { type Catalog, Fault } from '@rowparity/core';
import { connectionUrl, SessionShelf, SqlCatalog } from '@rowparity/mysql';
import { ConfigurationError } from '@rowparity/runtime';

/** Questions of a plan that run at once on one server. */
const IDLE_SESSIONS_MAX = 8;

export interface Connections {
  /** Throws CONNECTION_UNKNOWN when the process has no such connection. */
  catalog(ref: string): Catalog;
  close(): Promise<void>;
}

export function openConnections(urls: ReadonlyMap<string, string>): Connections {
  const problems: string[] = [];
  const catalogs = new Map<string, Catalog>();
  for (const [name, url] of urls) {
    const read = connectionUrl.safeParse(url);
    if (!read.success)
      problems.push(`ROWPARITY_CONNECTION_${name}: ${read.error.issues[0]?.message ?? 'not a URL'}`);
    else
      catalogs.set(
        name,
        new SqlCatalog(new SessionShelf(read.data, { ref: name.toLowerCase(), idleMax: IDLE_SESSIONS_MAX })),
      );
  }
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return {
    catalog(ref) {
      const found = catalogs.get(ref.toUpperCase());
      if (found) return found;
      throw new Fault('configuration', {
        code: 'CONNECTION_UNKNOWN',
        message: `Connection "${ref}": expected one of ${[...catalogs.keys()].map((n) => n.toLowerCase()).join(', ')}. Set ROWPARITY_CONNECTION_${ref.toUpperCase()}.`,
      });
    },
    async close() {
      await Promise.all([...catalogs.values()].map((catalog) => catalog.close()));
    },
  };
}
