// Servers for developing: node packages/testkit/src/serve.ts [sql] [redis] [kafka]
// Prints an export line for each on standard output, stays until SIGINT or SIGTERM, and takes all down.

import type { ServerKind, Servers } from './servers/server.ts';
import { startServers } from './servers/startServers.ts';

const KINDS: readonly ServerKind[] = ['sql', 'redis', 'kafka'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((word) => !KINDS.some((kind) => kind === word));
if (unknown.length > 0) {
  console.error(
    `unknown: ${unknown.join(', ')}. Usage: serve.ts [${KINDS.join('] [')}]   (none: all of them)`,
  );
  process.exit(2);
}

// A signal before the servers are up simply ends this process, and the guardian cleans up.
const stopSignal = Promise.withResolvers<void>();

try {
  const servers: Partial<Servers> & Pick<Servers, 'stop'> = await startServers({
    want: wanted.length > 0 ? KINDS.filter((kind) => wanted.includes(kind)) : KINDS,
    say: (line) => console.error(line),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopSignal.resolve());
  console.log(exportLines(servers).join('\n'));
  console.error('serving until Ctrl-C');
  // A promise alone does not keep Node running.
  const hold = setInterval(() => undefined, 2 ** 30);
  await stopSignal.promise;
  clearInterval(hold);
  await servers.stop();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function exportLines({ source, destination, redis, kafka }: Partial<Servers>): string[] {
  return Object.entries({
    ROWPARITY_TEST_SOURCE_URL: source?.url,
    ROWPARITY_TEST_DESTINATION_URL: destination?.url,
    ROWPARITY_TEST_REDIS_URL: redis?.url,
    ROWPARITY_TEST_KAFKA_BROKERS: kafka?.brokers.join(','),
  }).flatMap(([name, value]) => (value === undefined ? [] : [`export ${name}='${value}'`]));
}
