/** Wires the worker: configuration, Redis, Kafka, databases, the shard queue. */
import { hostname } from 'node:os';
import type { ShardJob } from '@rowparity/contracts';
import {
  byRole,
  ConvergenceTimes,
  HeldRuns,
  type Hold,
  type LedgerReadings,
  PlanCache,
  Quarantine,
  type ShardWorkDeps,
  WaitingShards,
  type WorkedRun,
} from '@rowparity/core';
import {
  type Connections,
  connectionUrl,
  type LinkChoice,
  openConnections,
  openReaders,
} from '@rowparity/mysql';
import { checkKafka, createProducer, KafkaTransport, kafkaEventSink } from '@rowparity/producer';
import {
  checkRedis,
  closeRedis,
  connectRedis,
  createRedisLedger,
  createShardWorker,
  RedisOutage,
} from '@rowparity/redis';
import {
  type Config,
  kafkaSecurityOf,
  type Log,
  openLog,
  processVariable,
  redisSecurityOf,
  runService,
  type StatementTimes,
  serveStatus,
  systemClock,
} from '@rowparity/runtime';
import { openTracing } from '@rowparity/tracing';
import { EventTopics } from './eventTopics.ts';
import { fleetBudget } from './fleetBudget.ts';
import { type HandlerDeps, handleShard, type JobHold } from './handleShard.ts';
import type { EventTimes } from './metering/eventTimes.ts';
import { timedReaders } from './metering/timedReaders.ts';
import { OPTIONS } from './options.ts';
import { ShardSpans, type TracedRun } from './tracing/shardSpans.ts';
import { workerGauges, workerMetrics } from './workerMetrics.ts';

/** A shard reads pages on one session and points on another. */
const SESSIONS_A_SHARD = 2;
/** A shard without a commit for this long hangs: recheck delays and retries end well before. */
const SHARD_SILENCE_MS_MAX = 15 * 60_000;
/** Jobs wait, this worker has room, and it takes none: BullMQ waits on a dead connection. */
const DEAF_MS_MAX = 120_000;

await runService({ name: 'worker', options: OPTIONS, connections: connectionUrl }, async (settings) => {
  const { config } = settings;
  const log = await openLog('worker', config);
  const idleMax = SESSIONS_A_SHARD * config.concurrency;
  const onLink = (choice: LinkChoice) => log.info(choice, 'link measured');
  const connections = openConnections(settings.connections, { idleMax, onLink });
  const outage = new RedisOutage(log, systemClock);
  const redisAt = { url: config.redisUrl, ...redisSecurityOf(config) };
  const redis = connectRedis({ ...redisAt, use: 'ledger', ...outage.connection() });
  const jobs = connectRedis({ ...redisAt, use: 'jobs', ...outage.connection() });
  const kafka = kafkaSettings(config, log);
  for (const warning of (await checkRedis(redis)).warnings) log.warn(warning);
  await checkKafka(kafka);

  const ledger = createRedisLedger(redis, { clock: systemClock });
  const transport = new KafkaTransport({ ...kafka, client: config.kafkaClient });
  const producer = createProducer({ clock: systemClock, transport });
  const metrics = workerMetrics();
  const budget = fleetBudget({ settings, connections, redis, log, outage, metrics });
  const topics = eventTopics(kafka, config.eventTopics, log);
  const holder = `${hostname()}:${process.pid}`;
  const deps = {
    ledger: { ...ledger, ...metrics.ledger.timed(ledger) },
    readPlan: new PlanCache(ledger).read,
    openReaders: shardReaders(connections, metrics.statements),
    openSink: eventSinks(producer, topics),
    clock: systemClock,
    log,
    holder,
    quarantine: new Quarantine(),
    convergence: new ConvergenceTimes(async (runId) => (await ledger.sums(runId)).counts),
    waiting: new WaitingShards(),
    runs: heldRuns(ledger, outage),
    budget,
    onCommit: metrics.onCommit,
    onEnd: metrics.onEnd,
    onSplit: ({ runId, shard }: Hold, shards: number) => log.info({ runId, shard, shards }, 'split'),
  };
  const spans = await openSpans(log, ledger);
  const worker = createShardWorker({
    redis: jobs,
    concurrency: config.concurrency,
    clock: systemClock,
    lockMs: config.lockMs,
    stalledCheckMs: config.stalledCheckMs,
    onError: (error) => outage.tell(error, 'job'),
    onStalled: (jobId) => log.warn({ jobId }, 'a silent worker lost its job'),
    handle: (job, { throttled, ...hold }) =>
      withEventTimes({ ...deps, throttled }, metrics.events, (timed) => spans.handle(job, hold, timed)),
  });
  workerGauges(metrics.registry, { state: () => worker.health(), connections: () => connections.use() });
  await worker.ready();
  const checks = { isAlive: () => isAlive(worker), isReady: () => ledger.ping().then(() => true) };
  const status = await serveStatus(config, checks, metrics.registry);
  log.info({ url: status.url, holder }, 'listening');

  return {
    async stop() {
      log.info('draining');
      if (!(await worker.drain())) log.warn('some shards did not end in time; their locks will run out');
      await producer.close();
      await spans.close();
      await budget?.budget.close();
      await connections.close();
      await status.close();
      await Promise.all([closeRedis(redis), closeRedis(jobs)]);
      log.info('drained');
    },
  };
});

/** Handles shard jobs, with spans where tracing is on. */
async function openSpans(log: Log, ledger: LedgerReadings) {
  const tracing = await openTracing({
    ...{ service: 'worker', variable: processVariable, log, clock: systemClock },
  });
  const spans = tracing && new ShardSpans(tracing, ledger);
  return {
    handle: (job: ShardJob, hold: JobHold, deps: HandlerDeps) =>
      spans
        ? spans.traced(job, deps, (traced) => handleShard(job, hold, traced))
        : handleShard(job, hold, deps),
    close: async () => tracing?.close(),
  };
}

function eventSinks(producer: ReturnType<typeof createProducer>, topics: EventTopics) {
  return async ({ spec, traceparent }: TracedRun) => {
    await topics.expect(spec.events.topic);
    return kafkaEventSink({ producer, ...spec.events, traceparent });
  };
}

function shardReaders({ pool }: Connections, statements: StatementTimes): ShardWorkDeps['openReaders'] {
  return async (run, plan, signal) => {
    const connectionOf = byRole(run.spec, run.direction);
    const readers = await openReaders({ run, plan, poolOf: pool }, signal);
    return timedReaders(readers, statements, (side) => connectionOf[side].toLowerCase());
  };
}

/** The sinks of a job are forgotten with it. */
function withEventTimes<D extends HandlerDeps, T>(
  deps: D,
  events: EventTimes,
  work: (timed: D) => Promise<T>,
) {
  const attempt = events.attempt();
  const openSink = async (run: WorkedRun) => attempt.sink(await deps.openSink(run));
  return work({ ...deps, openSink }).finally(attempt.end);
}

function heldRuns(ledger: LedgerReadings, outage: RedisOutage): HeldRuns {
  const onError = (error: unknown) =>
    outage.tell(error, 'the ledger could not be asked whether runs are paused or cancelled');
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
