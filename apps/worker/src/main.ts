/** Wires the worker: configuration, Redis, Kafka, databases, the shard queue. */
import { hostname } from 'node:os';
import type { TablePlan } from '@rowparity/contracts';
import {
  ConvergenceTimes,
  HeldRuns,
  type Hold,
  type LedgerReadings,
  PlanCache,
  Quarantine,
  WaitingShards,
  type WorkedRun,
} from '@rowparity/core';
import { connectionUrl, openConnections, openReaders } from '@rowparity/mysql';
import { checkKafka, createProducer, KafkaTransport, kafkaEventSink } from '@rowparity/producer';
import { checkRedis, closeRedis, connectRedis, createRedisLedger, createShardWorker } from '@rowparity/redis';
import {
  type Config,
  kafkaSecurityOf,
  type Log,
  openLog,
  redisSecurityOf,
  runService,
  serveStatus,
  systemClock,
} from '@rowparity/runtime';
import { EventTopics } from './eventTopics.ts';
import { fleetBudget } from './fleetBudget.ts';
import { handleShard } from './handleShard.ts';
import { OPTIONS } from './options.ts';
import { workerMetrics } from './workerMetrics.ts';

/** A shard reads pages on one session and points on another. */
const SESSIONS_A_SHARD = 2;
/** A shard without a commit for this long hangs: recheck delays and retries end well before. */
const SHARD_SILENCE_MS_MAX = 15 * 60_000;
/** Jobs wait, this worker has room, and it takes none: BullMQ waits on a dead connection. */
const DEAF_MS_MAX = 120_000;

await runService({ name: 'worker', options: OPTIONS, connections: connectionUrl }, async (settings) => {
  const { config } = settings;
  const connections = openConnections(settings.connections, {
    idleMax: SESSIONS_A_SHARD * config.concurrency,
  });
  const log = await openLog('worker', config);
  const onError = (error: Error) => log.warn({ err: error }, 'redis');
  const redisAt = { url: config.redisUrl, ...redisSecurityOf(config), onError };
  const redis = connectRedis({ ...redisAt, use: 'ledger' });
  const jobs = connectRedis({ ...redisAt, use: 'jobs' });
  const kafka = kafkaSettings(config, log);
  const { warnings } = await checkRedis(redis);
  for (const warning of warnings) log.warn(warning);
  await checkKafka(kafka);

  const ledger = createRedisLedger(redis, { clock: systemClock });
  const producer = createProducer({ clock: systemClock, transport: new KafkaTransport(kafka) });
  const metrics = workerMetrics();
  const budget = fleetBudget({ settings, connections, redis, log, metrics });
  const topics = eventTopics(kafka, config.eventTopics, log);
  const holder = `${hostname()}:${process.pid}`;
  const deps = {
    ledger,
    readPlan: new PlanCache(ledger).read,
    openReaders: (run: WorkedRun, plan: TablePlan, signal: AbortSignal) =>
      openReaders({ run, plan, poolOf: connections.pool }, signal),
    openSink: async ({ spec }: WorkedRun) => {
      await topics.expect(spec.events.topic);
      return kafkaEventSink({ producer, ...spec.events });
    },
    clock: systemClock,
    log,
    holder,
    quarantine: new Quarantine(),
    convergence: new ConvergenceTimes(async (runId) => (await ledger.sums(runId)).counts),
    waiting: new WaitingShards(),
    runs: heldRuns(ledger, log),
    budget,
    onCommit: metrics.onCommit,
    onEnd: metrics.onEnd,
    onSplit: ({ runId, shard }: Hold, shards: number) => log.info({ runId, shard, shards }, 'split'),
  };
  const worker = createShardWorker({
    redis: jobs,
    concurrency: config.concurrency,
    clock: systemClock,
    lockMs: config.lockMs,
    stalledCheckMs: config.stalledCheckMs,
    onError: (error) => log.warn({ err: error }, 'job'),
    onStalled: (jobId) => log.warn({ jobId }, 'a silent worker lost its job'),
    handle: (job, { throttled, ...hold }) => handleShard(job, hold, { ...deps, throttled }),
  });
  await worker.ready();
  const checks = { isAlive: () => isAlive(worker), isReady: () => ledger.ping().then(() => true) };
  const status = await serveStatus(config, checks, metrics.registry);
  log.info({ url: status.url, holder }, 'listening');

  return {
    async stop() {
      log.info('draining');
      if (!(await worker.drain())) log.warn('some shards did not end in time; their locks will run out');
      await producer.close();
      await budget?.budget.close();
      await connections.close();
      await status.close();
      await Promise.all([closeRedis(redis), closeRedis(jobs)]);
      log.info('drained');
    },
  };
});

function heldRuns(ledger: LedgerReadings, log: Log): HeldRuns {
  const onError = (error: unknown) =>
    log.warn({ err: error }, 'the ledger could not be asked whether runs are paused or cancelled');
  return new HeldRuns({ ledger, clock: systemClock, onError });
}

function kafkaSettings(config: Config<typeof OPTIONS>, log: Log) {
  return {
    brokers: config.kafkaBrokers,
    clock: systemClock,
    ...kafkaSecurityOf(config),
    onLog: (line: { level: 'error' | 'warn' | 'info' | 'debug'; message: string }) =>
      log[line.level]({ kafka: line.message }, 'kafka'),
  };
}

function eventTopics(
  kafka: ReturnType<typeof kafkaSettings>,
  allowed: Config<typeof OPTIONS>['eventTopics'],
  log: Log,
): EventTopics {
  return new EventTopics({
    allowed,
    find: (topic) => checkKafka({ ...kafka, topic }),
    onTrouble: (error) => log.warn({ err: error }, 'Kafka could not be asked for the topic of a run'),
  });
}

function isAlive(worker: ReturnType<typeof createShardWorker>): boolean {
  const { oldestActiveMs, deafMs } = worker.health();
  return oldestActiveMs < SHARD_SILENCE_MS_MAX && deafMs < DEAF_MS_MAX;
}
