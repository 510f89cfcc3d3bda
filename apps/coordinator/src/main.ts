/** Wires the coordinator: configuration, Redis, lease, planner, supervisor, HTTP. */
import type { LedgerReadings } from '@rowparity/core';
import {
  type ConnectionTarget,
  connectionUrl,
  type LinkChoice,
  openConnections,
  readServerFacts,
  SqlCatalog,
} from '@rowparity/mysql';
import { readKafkaFacts } from '@rowparity/producer';
import {
  checkRedis,
  closeRedis,
  connectRedis,
  createLease,
  createRedisLedger,
  createRedisMigrations,
  createRedisWebhooks,
  createRunWorker,
  createShardQueue,
  type Lease,
  RedisOutage,
  readRedisFacts,
} from '@rowparity/redis';
import {
  type Config,
  kafkaSecurityOf,
  type Log,
  openLog,
  processVariable,
  redisSecurityOf,
  runService,
  systemClock,
} from '@rowparity/runtime';
import { openTracing } from '@rowparity/tracing';
import { coordinatorMetrics } from './coordinatorMetrics.ts';
import { type DiagnosedConnection, ServicesDiagnosis } from './diagnosing/diagnoseServices.ts';
import { serveHttp } from './http/serveHttp.ts';
import { takeRunOrders } from './http/takeRunOrders.ts';
import { OPTIONS } from './options.ts';
import { MigrationDriver } from './supervising/migrationDriver.ts';
import { Supervisor } from './supervising/supervisor.ts';
import { WebhookDriver } from './supervising/webhookDriver.ts';
import { timedCatalog } from './timedCatalog.ts';
import { RunSpans } from './tracing/runSpans.ts';

/** Questions of a plan that run at once on one server. */
const QUESTIONS_MAX = 8;
const DAY_MS = 24 * 3600 * 1000;

await runService({ name: 'coordinator', options: OPTIONS, connections: connectionUrl }, async (settings) => {
  const { config } = settings;
  const log = await openLog('coordinator', config);
  const onLink = (choice: LinkChoice) => log.info(choice, 'link measured');
  const connections = openConnections(settings.connections, { idleMax: QUESTIONS_MAX, onLink });
  const outage = new RedisOutage(log, systemClock);
  const onError = (error: Error) => outage.tell(error, 'queue');
  const redisAt = { url: config.redisUrl, ...redisSecurityOf(config) };
  const redis = connectRedis({ ...redisAt, use: 'ledger', ...outage.connection() });
  const jobs = connectRedis({ ...redisAt, use: 'jobs', ...outage.connection() });
  for (const warning of (await checkRedis(redis)).warnings) log.warn(warning);

  const settledKeptMs = config.runsKeptDays * DAY_MS;
  const ledger = createRedisLedger(redis, { clock: systemClock, settledKeptMs });
  const migrations = createRedisMigrations(redis);
  const webhooks = createRedisWebhooks(redis);
  const shardQueue = createShardQueue(redis, { onError });
  const { spans, close: closeSpans } = await openSpans(log, ledger);
  const accept = {
    ...{ ledger, webhooks, clock: systemClock, allowPredicates: config.allowPredicates, log, spans },
    known: knownNames(settings.connections, config),
  };
  const lease = leaseOf({ redis, leaseMs: config.leaseMs, log, outage });
  const { registry: metrics, statements } = coordinatorMetrics({
    isLeading: () => lease.term !== undefined,
    queue: shardQueue,
    clock: systemClock,
  });
  const catalog = (ref: string) =>
    timedCatalog(new SqlCatalog(connections.pool(ref)), statements.of(ref.toLowerCase(), 'plan'));
  const driving = { lease, migrations, ledger, webhooks, clock: systemClock, log: outage.quieted(log) };
  const supervisor = new Supervisor({ ...driving, shardQueue, catalog, spans });
  const drivers = [
    new MigrationDriver(driving),
    new WebhookDriver({ ...driving, endpoints: config.webhooks }),
  ];
  const orders = createRunWorker({
    redis: jobs,
    clock: systemClock,
    onError,
    handle: takeRunOrders({ ...accept, supervisor }),
  });
  const diagnosis = new ServicesDiagnosis({
    readRedis: () => readRedisFacts(redis),
    readKafka: kafkaReading(config, log),
    connections: diagnosed(settings.connections, connections),
  });
  const http = await serveHttp({ ...accept, catalog, migrations, supervisor, metrics, diagnosis }, config);
  lease.start();
  supervisor.start();
  for (const driver of drivers) driver.start();
  log.info({ url: http.url }, 'listening');

  return {
    async stop() {
      log.info('draining');
      await http.close();
      await orders.drain();
      await Promise.all(drivers.map((driver) => driver.stop()));
      await supervisor.stop();
      await lease.release();
      await connections.close();
      await shardQueue.close();
      await closeSpans();
      await Promise.all([closeRedis(redis), closeRedis(jobs)]);
    },
  };
});

/** What specs may name. */
function knownNames(
  connections: ReadonlyMap<string, ConnectionTarget>,
  { eventTopics: topics, webhooks }: Config<typeof OPTIONS>,
) {
  return { connections: [...connections.keys()], topics, webhooks: [...webhooks.keys()] };
}

async function openSpans(log: Log, ledger: LedgerReadings) {
  const tracing = await openTracing({
    ...{ service: 'coordinator', variable: processVariable, log, clock: systemClock },
  });
  return { spans: tracing && new RunSpans(tracing, ledger), close: async () => tracing?.close() };
}

function kafkaReading(config: Config<typeof OPTIONS>, log: Log) {
  const { kafkaBrokers: brokers } = config;
  const security = kafkaSecurityOf(config);
  if (!brokers) return undefined;
  const onLog = ({ message }: { readonly message: string }) => log.debug({ kafka: message }, 'kafka');
  return () => readKafkaFacts({ brokers, clock: systemClock, onLog, ...security }, config.eventTopics);
}

function diagnosed(
  targets: ReadonlyMap<string, ConnectionTarget>,
  connections: ReturnType<typeof openConnections>,
): readonly DiagnosedConnection[] {
  return [...targets].map(([name, target]) => ({
    ...{ name: name.toLowerCase(), user: target.user, database: target.database },
    async read(signal) {
      const session = await connections.session(name, target.statementMs);
      try {
        const asked = { target, link: connections.link(name), clock: systemClock };
        return await readServerFacts(session, asked, signal);
      } finally {
        await session.end();
      }
    },
  }));
}

interface LeaseInput {
  readonly redis: Parameters<typeof createLease>[0]['redis'];
  readonly leaseMs: number;
  readonly log: Log;
  readonly outage: RedisOutage;
}

function leaseOf({ redis, leaseMs, log, outage }: LeaseInput): Lease {
  return createLease({
    ...{ redis, name: 'coordinator', leaseMs, clock: systemClock },
    onTerm: ({ number, signal }) => {
      log.info({ term: number }, 'leading');
      signal.addEventListener('abort', () => log.warn({ term: number }, 'not leading any more'));
    },
    onError: (error) => outage.tell(error, 'the lease could not be asked for'),
  });
}
