// One question to each kind of server, asked with the real client: does it answer, and what is it?
// Every connection is closed again; nothing here waits or tries twice.

import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Flavour, SqlAddress } from './server.ts';

const CONNECT_TIMEOUT_MS = 3_000;

export async function askSql(address: SqlAddress): Promise<{ flavour: Flavour; version: string }> {
  const { host, port, user, password } = address;
  const connection = await createConnection({
    host,
    port,
    user,
    password,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
    const version = String(rows[0]?.version);
    return { version, flavour: /mariadb/i.test(version) ? 'mariadb' : 'mysql' };
  } finally {
    connection.destroy();
  }
}

export async function askRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Without a listener ioredis prints every refused connection.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

export async function askKafka(brokers: readonly string[]): Promise<void> {
  const admin = kafkaClient(brokers).admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect();
  }
}

/** A quiet client for administration; tests of the product bring their own. */
export function kafkaClient(brokers: readonly string[]): Kafka {
  return new Kafka({
    clientId: 'rowparity-testkit',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: CONNECT_TIMEOUT_MS,
  });
}
