/** The databases that specs may name, for reading rows. */
import { Fault } from '@rowparity/core';
import { connectionUrl, SessionShelf } from '@rowparity/mysql';
import { ConfigurationError } from '@rowparity/runtime';

/** A shard reads pages on one session and points on another. */
const SESSIONS_A_SHARD = 2;

export interface Connections {
  /** Throws CONNECTION_UNKNOWN when the process has no such connection. */
  shelf(ref: string): SessionShelf;
  close(): Promise<void>;
}

export function openConnections(urls: ReadonlyMap<string, string>, concurrency: number): Connections {
  const problems: string[] = [];
  const shelves = new Map<string, SessionShelf>();
  for (const [name, url] of urls) {
    const read = connectionUrl.safeParse(url);
    if (!read.success)
      problems.push(`ROWPARITY_CONNECTION_${name}: ${read.error.issues[0]?.message ?? 'not a URL'}`);
    else
      shelves.set(
        name,
        new SessionShelf(read.data, { ref: name.toLowerCase(), idleMax: SESSIONS_A_SHARD * concurrency }),
      );
  }
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return {
    shelf(ref) {
      const found = shelves.get(ref.toUpperCase());
      if (found) return found;
      throw new Fault('configuration', {
        code: 'CONNECTION_UNKNOWN',
        message: `Connection "${ref}": this worker has no ROWPARITY_CONNECTION_${ref.toUpperCase()}. Set it on every worker.`,
      });
    },
    async close() {
      await Promise.all([...shelves.values()].map((shelf) => shelf.close()));
    },
  };
}
