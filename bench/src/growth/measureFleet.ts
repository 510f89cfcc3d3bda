/** The whole table once more by a fleet: coordinator, workers and reporter over Redis and Kafka. */
import { DEFAULT_TOPIC } from '@rowparity/contracts';
import { createTopic, startSystem } from '@rowparity/harness';
import { closeRedis, createRedisLedger } from '@rowparity/redis';
import { systemClock } from '@rowparity/runtime';
import { databaseUrl, type Servers } from '@rowparity/testkit';
import { DATABASE } from '../engine/tables.ts';
import { runOnce } from '../fleet/runOnce.ts';
import { openRedis, redisUsage } from '../shared/redisUsage.ts';
import { TABLE } from './grownTable.ts';
import type { FleetMeasured } from './growthResult.ts';

const RUN_ID = 'growth';
const MIB = 1024 * 1024;
/** As in production; the end-to-end tests have shorter ones. */
const TIMES = { lockMs: 60_000, stalledCheckMs: 15_000, leaseMs: 8000 };

export async function measureFleet(
  servers: Servers,
  fleet: { readonly workers: number; readonly concurrency: number },
): Promise<FleetMeasured> {
  const redis = openRedis(servers.redis.url);
  await createTopic({ brokers: servers.kafka.brokers, topic: DEFAULT_TOPIC }, { partitions: 1 });
  const system = await startSystem({
    ...{
      label: 'bench-growth',
      redisUrl: servers.redis.url,
      brokers: servers.kafka.brokers,
      times: TIMES,
      ...fleet,
    },
    connections: {
      source: databaseUrl(servers.source, DATABASE),
      destination: databaseUrl(servers.destination, DATABASE),
    },
  });
  try {
    const before = await redisUsage(redis);
    const ledger = createRedisLedger(redis, { clock: systemClock });
    const measured = await runOnce({ system, redis, ledger }, { runId: RUN_ID, table: TABLE });
    const redisMiB = ((await redisUsage(redis)).memoryBytes - before.memoryBytes) / MIB;
    const certificate = await fetch(new URL(`/v1/runs/${RUN_ID}/certificate`, system.reporterUrl));
    if (!certificate.ok) throw new Error(`the certificate was refused: ${certificate.status}`);
    return { ...measured, redisMiB, certificateBytes: (await certificate.arrayBuffer()).byteLength };
  } finally {
    await system.stop();
    await closeRedis(redis);
  }
}
