// Vitest's global setup: starts the servers that a project wants and provides their descriptions.
// Projects of one vitest process share servers; the last one to finish takes them down.

import type { TestProject } from 'vitest/node';
import type { ServerKind, Servers, SqlServer } from '../servers/server.ts';
import { startServers } from '../servers/startServers.ts';
import type { ProvidedServers } from './provided.ts';

interface Shared {
  readonly servers: Promise<Partial<Servers> & Pick<Servers, 'stop'>>;
  users: number;
}

// Every project loads its own copy of this module, so sharing needs a place that all copies see.
const SHARED = Symbol.for('rowparity.testkit.servers');
const place = globalThis as { [SHARED]?: Map<ServerKind, Shared> };
place[SHARED] ??= new Map();
const shared = place[SHARED];

/** The default export of a global setup file: `export default serverSetup(['sql', 'redis'])`. */
export function serverSetup(want: readonly ServerKind[]) {
  return async function setup(project: TestProject): Promise<() => Promise<void>> {
    const release = async () => void (await Promise.all(want.map(releaseKind)));
    try {
      const started = await Promise.all(want.map(useKind));
      project.provide('servers', Object.assign({}, ...started.map(describe)));
    } catch (error) {
      await release();
      throw error;
    }
    return release;
  };
}

function useKind(kind: ServerKind): Shared['servers'] {
  const entry = shared.get(kind) ?? { servers: start(kind), users: 0 };
  entry.users += 1;
  shared.set(kind, entry);
  return entry.servers;
}

async function releaseKind(kind: ServerKind): Promise<void> {
  const entry = shared.get(kind);
  if (entry === undefined) return;
  entry.users -= 1;
  if (entry.users > 0) return;
  shared.delete(kind);
  // A failed start has nothing to stop, and its error was already thrown to its caller.
  const servers = await entry.servers.catch(() => undefined);
  await servers?.stop();
}

function start(kind: ServerKind): Shared['servers'] {
  return startServers({ want: [kind], say: (line) => console.error(`[testkit] ${line}`) });
}

function describe({ source, destination, redis, kafka }: Partial<Servers>): ProvidedServers {
  return {
    ...(source && { source: describeSql(source) }),
    ...(destination && { destination: describeSql(destination) }),
    ...(redis && { redis: { url: redis.url } }),
    ...(kafka && { kafka: { brokers: kafka.brokers } }),
  };
}

function describeSql({ url, host, port, user, password, flavour, version }: SqlServer) {
  return { url, host, port, user, password, flavour, version };
}
