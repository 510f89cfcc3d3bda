// For test files: the provided servers, and a place of one's own on each (database, topic, key prefix), so that
// tests on shared servers never meet. Imports vitest: only for code that vitest runs.

import { inject } from 'vitest';
import { kafkaClient } from '../servers/answers.ts';
import { createDatabase, databaseUrl, dropDatabase, uniqueName } from '../servers/databases.ts';
import { makeTopic } from '../servers/makeTopic.ts';
import type { KafkaDescription, RedisDescription, SideName, SqlDescription } from '../servers/server.ts';
import type { ProvidedServers } from './provided.ts';

export interface FreshDatabase {
  readonly name: string;
  readonly server: SqlDescription;
  /** With the database's name in it. */
  readonly url: string;
  drop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The server of that side; throws when the project's global setup does not want SQL servers. */
export function sqlServer(side: SideName): SqlDescription {
  return provided(side, 'sql');
}

export function redisServer(): RedisDescription {
  return provided('redis', 'redis');
}

export function kafkaServer(): KafkaDescription {
  return provided('kafka', 'kafka');
}

/** An empty database with a name of its own. */
export async function freshDatabase(
  side: SideName,
  name: string = uniqueName('test'),
): Promise<FreshDatabase> {
  const server = sqlServer(side);
  await createDatabase(server, name);
  const drop = () => dropDatabase(server, name);
  return { name, server, url: databaseUrl(server, name), drop, [Symbol.asyncDispose]: drop };
}

/** Empty databases of one name on both sides. */
export async function freshDatabases(): Promise<Record<SideName, FreshDatabase>> {
  const name = uniqueName('test');
  const [source, destination] = await Promise.all([
    freshDatabase('source', name),
    freshDatabase('destination', name),
  ]);
  return { source, destination };
}

/** Makes a topic (nothing else does: the broker's auto-creation is off) and returns its name. */
export async function freshTopic(partitions = 1): Promise<string> {
  const topic = uniqueName('test');
  const admin = kafkaClient(kafkaServer().brokers).admin();
  await admin.connect();
  try {
    await makeTopic(admin, { topic, numPartitions: partitions });
  } finally {
    await admin.disconnect();
  }
  return topic;
}

/** A prefix for Redis keys, with the braces that keep its keys on one slot of a cluster. */
export function freshRedisPrefix(): string {
  return `{${uniqueName('test')}}`;
}

function provided<Name extends keyof ProvidedServers>(
  name: Name,
  kind: string,
): NonNullable<ProvidedServers[Name]> {
  const server = inject('servers')?.[name];
  if (server === undefined) {
    throw new Error(
      `no ${name} server: this vitest project needs a globalSetup with serverSetup(['${kind}'])`,
    );
  }
  return server;
}
