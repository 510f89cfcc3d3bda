// `--keep`: tells where everything is, and waits for Ctrl-C.

import type { System } from '@rowparity/harness';
import { databaseUrl, type Servers } from '@rowparity/testkit';

interface Kept {
  readonly servers: Servers;
  readonly system: System;
  readonly runId: string;
  readonly database: string;
}

export async function keepRunning(
  { servers, system, runId, database }: Kept,
  signal: AbortSignal,
): Promise<void> {
  console.log(`
Everything stays up until Ctrl-C.
source       ${databaseUrl(servers.source, database)}
destination  ${databaseUrl(servers.destination, database)}
redis        ${servers.redis.url}
kafka        ${servers.kafka.brokers.join(',')}
coordinator  ${system.coordinatorUrl}/v1/runs/${runId}
reporter     ${system.reporterUrl}/v1/runs/${runId}/report
workers      ${system
    .apps('worker')
    .map(({ url }) => `${url}/metrics`)
    .join('  ')}
logs         ${system.logFolder}
watch        npx rowparity watch ${runId} --reporter ${system.reporterUrl}`);
  // A promise alone does not keep Node running.
  const hold = setInterval(() => undefined, 2 ** 30);
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  clearInterval(hold);
}
