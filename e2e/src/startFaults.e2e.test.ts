import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppExit, type AppName, LEFTOVERS, spawnApp } from '@rowparity/harness';
import { startGuardian } from '@rowparity/testkit';
import { kafkaServer } from '@rowparity/testkit/vitest';
import { expect, test } from 'vitest';
import { redisUrl } from './testing/scene.ts';

/** Exit code of a configuration that cannot work. */
const CONFIGURATION = 2;
/** A server that did not answer. */
const OUTAGE = 5;
/** Nothing listens there: the port is reserved. */
const NOBODY = '127.0.0.1:1';
const CONNECTIONS = { ROWPARITY_CONNECTION_SOURCE: 'mysql://root:secret-word@127.0.0.1:1/shop' };

let starts = 0;

async function endOf(
  app: AppName,
  env: Record<string, string>,
): Promise<AppExit & { readonly output: string }> {
  const guardian = await startGuardian();
  try {
    const logFolder = join(LEFTOVERS, 'logs', 'e2e-startFaults');
    const started = await spawnApp({ app, name: `${app}-${starts++}`, env, logFolder, guardian });
    const exit = await started.exited;
    return { ...exit, output: await readFile(started.logFile, 'utf8') };
  } finally {
    await guardian.end();
  }
}

test.concurrent.each(['coordinator', 'worker', 'reporter'] as const)(
  'Redis down at the start ends the %s with a message that names the variable',
  async (app) => {
    const { code, output } = await endOf(app, {
      ...CONNECTIONS,
      ROWPARITY_REDIS_URL: `redis://${NOBODY}`,
      ROWPARITY_KAFKA_BROKERS: kafkaServer().brokers.join(','),
    });
    expect(output).toContain('ROWPARITY_REDIS_URL');
    expect(output).not.toContain('secret-word');
    expect(code).toBe(OUTAGE);
  },
);

test.concurrent('a broker down at the start ends the worker with a message that names the variable', async () => {
  const { code, output } = await endOf('worker', {
    ...CONNECTIONS,
    ROWPARITY_REDIS_URL: redisUrl(6),
    ROWPARITY_KAFKA_BROKERS: NOBODY,
  });
  expect(output).toContain('ROWPARITY_KAFKA_BROKERS');
  expect(code).toBe(OUTAGE);
});

test.concurrent.each(['coordinator', 'worker', 'reporter'] as const)(
  'a %s without any configuration names what is missing',
  async (app) => {
    const { code, output } = await endOf(app, {});
    expect(output).toContain('ROWPARITY_REDIS_URL');
    expect(code).toBe(CONFIGURATION);
  },
);
