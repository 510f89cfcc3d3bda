/** Wires the worker: configuration, Redis, Kafka, databases, the shard queue. */
import { hostname } from 'node:os';
import type { TablePlan } from '@rowparity/contracts';
import { type Hold, PlanCache, Solitude, type WorkedRun } from '@rowparity/core';
import { openConnections, openReaders, problemOfConnection } from '@rowparity/mysql';
import { checkKafka, createProducer, kafkaEventSink, kafkaTransport } from '@rowparity/producer';
import { checkRedis, closeRedis, connectRedis, createRedisLedger, createShardWorker } from '@rowparity/queue';
import {
  createLog,
  kafkaSecurityOf,
  redisSecurityOf,
  runService,
  serveStatus,
  systemClock,
} from '@rowparity/runtime';
import { EventTopics } from './eventTopics.ts';
import { handleShard } from './handleShard.ts';
import { OPTIONS } from './options.ts';
import { workerMetrics } from './workerMetrics.ts';

/** A shard reads pages on one session and points on another. */
const SESSIONS_A_SHARD = 2;
/** A shard that committed nothing for this long hangs: recheck delays and retries end well before. */
const SHARD_SILENCE_MS_MAX = 15 * 60_000;
/** Work is there, and room, and nothing is taken: BullMQ waits on a connection that is no more. */
const DEAF_MS_MAX = 120_000;

await runService({ name: 'worker', options: OPTIONS, problemOfConnection }, async (settings) => {
  const { config } = settings;
  const connections = openConnections(settings.connections, {
    idleMax: SESSIONS_A_SHARD * config.concurrency,
  });
  const log = createLog('worker', config.logLevel);
  const onError = (error: Error) => log.warn({ err: error }, 'redis');
  const redisAt = { url: config.redisUrl, ...redisSecurityOf(config), onError };
  const redis = connectRedis({ ...redisAt, use: 'ledger' });
  const jobs = connectRedis({ ...redisAt, use: 'jobs' });
  const kafka = {
    brokers: config.kafkaBrokers,
    ...kafkaSecurityOf(config),
    onLog: (line: { level: 'error' | 'warn' | 'info' | 'debug'; message: string }) =>
      log[line.level]({ kafka: line.message }, 'kafka'),
  };
  const { warnings } = await checkRedis(redis);
  for (const warning of warnings) log.warn(warning);
  await checkKafka(kafka);

  const ledger = createRedisLedger(redis);
  const producer = createProducer({ transport: kafkaTransport(kafka) });
  const metrics = workerMetrics();
  const topics = new EventTopics({
    allowed: config.eventTopics,
    find: (topic) => checkKafka({ ...kafka, topic }),
    onTrouble: (error) => log.warn({ err: error }, 'Kafka could not be asked for the topic of a run'),
  });
  const holder = `${hostname()}:${process.pid}`;
  const parts = {
    ledger,
    readPlan: new PlanCache(ledger).read,
    openReaders: (run: WorkedRun, plan: TablePlan, signal: AbortSignal) =>
      openReaders({ run, plan, shelfOf: connections.shelf }, signal),
    openSink: async ({ spec }: WorkedRun) => {
      await topics.expect(spec.events.topic);
      return kafkaEventSink({ producer, ...spec.events });
    },
    clock: systemClock,
    log,
    holder,
    solitude: new Solitude(),
    onCommit: metrics.onCommit,
    onEnd: metrics.onEnd,
    onSplit: ({ runId, shard }: Hold, shards: number) => log.info({ runId, shard, shards }, 'split'),
  };
  const worker = createShardWorker({
    redis: jobs,
    concurrency: config.concurrency,
    lockMs: config.lockMs,
    stalledCheckMs: config.stalledCheckMs,
    onError: (error) => log.warn({ err: error }, 'job'),
    onStalled: (jobId) => log.warn({ jobId }, 'a silent worker lost its job'),
    handle: (job, { signal }) => handleShard(job, signal, parts),
  });
  await worker.ready();
  const checks = {
    isAlive: () => {
      const { oldestActiveMs, deafMs } = worker.health();
      return oldestActiveMs < SHARD_SILENCE_MS_MAX && deafMs < DEAF_MS_MAX;
    },
    isReady: () => ledger.ping().then(() => true),
  };
  const status = await serveStatus(config, checks, metrics.registry);
  log.info({ url: status.url, holder }, 'listening');

  return {
    async stop() {
      log.info('draining');
      if (!(await worker.drain())) log.warn('some shards did not end in time; their locks will run out');
      await producer.close();
      await connections.close();
      await status.close();
      await Promise.all([closeRedis(redis), closeRedis(jobs)]);
      log.info('drained');
    },
  };
});
