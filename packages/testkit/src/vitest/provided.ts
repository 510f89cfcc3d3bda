// What the global setup hands to test files: plain descriptions, since test files run in other threads.
// Types, and the declaration that makes vitest's inject know them.

import type { KafkaDescription, RedisDescription, SqlDescription } from '../servers/server.ts';

export interface ProvidedServers {
  readonly source?: SqlDescription;
  readonly destination?: SqlDescription;
  readonly redis?: RedisDescription;
  readonly kafka?: KafkaDescription;
}

declare module 'vitest' {
  interface ProvidedContext {
    servers: ProvidedServers;
  }
}
