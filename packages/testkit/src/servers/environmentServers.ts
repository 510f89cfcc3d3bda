// Servers that the environment names: checked that they answer, then used, never started or stopped.
// A named server that does not answer is an error: silently taking another would test the wrong thing.

import { askKafka, askRedis, askSql } from './answers.ts';
import type { KafkaServer, RedisServer, SideName, SqlAddress, SqlServer } from './server.ts';

const VARIABLE_OF_SIDE = {
  source: 'ROWPARITY_TEST_SOURCE_URL',
  destination: 'ROWPARITY_TEST_DESTINATION_URL',
} as const;
const REDIS_VARIABLE = 'ROWPARITY_TEST_REDIS_URL';
const KAFKA_VARIABLE = 'ROWPARITY_TEST_KAFKA_BROKERS';

const managed = { way: 'environment', stop: async () => undefined } as const;

export async function sqlFromEnvironment(
  env: NodeJS.ProcessEnv,
  side: SideName,
): Promise<SqlServer | undefined> {
  const variable = VARIABLE_OF_SIDE[side];
  const url = env[variable];
  if (!url) return undefined;
  const address = addressOf(url, variable);
  const facts = await named(variable, () => askSql(address));
  return { ...address, ...facts, ...managed };
}

export async function redisFromEnvironment(env: NodeJS.ProcessEnv): Promise<RedisServer | undefined> {
  const url = env[REDIS_VARIABLE];
  if (!url) return undefined;
  await named(REDIS_VARIABLE, () => askRedis(url));
  return { url, ...managed };
}

export async function kafkaFromEnvironment(env: NodeJS.ProcessEnv): Promise<KafkaServer | undefined> {
  const list = env[KAFKA_VARIABLE];
  if (!list) return undefined;
  const brokers = list.split(',').map((broker) => broker.trim());
  await named(KAFKA_VARIABLE, () => askKafka(brokers));
  return { brokers, ...managed };
}

/** The parts of `mysql://user:password@host:port`. */
export function addressOf(url: string, variable: string): SqlAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'mysql:' || !parsed.hostname) {
    throw new Error(`${variable} must look like mysql://user:password@host:port`);
  }
  return {
    url,
    host: parsed.hostname,
    port: Number(parsed.port || 3306),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
}

async function named<T>(variable: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The server named by ${variable} does not answer (${reason}). Start it, or unset ${variable}.`,
      {
        cause,
      },
    );
  }
}
