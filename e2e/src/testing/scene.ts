// What an end-to-end test starts from: databases of its own on both servers, a topic of its own, and the three apps
// wired to them. A Redis database a file keeps the runs of one file out of the next one's way. Imports vitest.

import type { RunReport, RunSpecInput } from '@rowparity/contracts';
import {
  type Following,
  readEvents,
  type SentEvent,
  type System,
  startSystem,
  submitRun,
  untilReport,
  untilSettled,
} from '@rowparity/harness';
import type { SideName } from '@rowparity/testkit';
import { freshDatabases, freshTopic, kafkaServer, redisServer } from '@rowparity/testkit/vitest';

export type DatabasePair = Awaited<ReturnType<typeof freshDatabases>>;

type Env = Readonly<Record<string, string>>;

export interface SceneOptions {
  /** Names the folder of the logs. */
  readonly label: string;
  /** Number of the Redis database: one a test file. */
  readonly redisDatabase: number;
  /** More connections by name, beside the pair's `source` and `destination`. */
  readonly connections?: (pair: DatabasePair) => Readonly<Record<string, string>>;
  readonly concurrency?: number;
  /** Two when left out. */
  readonly workers?: number;
  /** More variables, for all apps. */
  readonly env?: Env | ((topic: string) => Env);
}

export interface Scene {
  readonly pair: DatabasePair;
  readonly system: System;
  readonly topic: string;
  /** A spec with small shards and short rechecks over every table of the pair. */
  spec(runId: string, changes?: Partial<RunSpecInput>): RunSpecInput;
  /** Posts the spec and waits for the verdict. */
  run(spec: RunSpecInput, following?: Pick<Following, 'onReport' | 'pollMs'>): Promise<RunReport>;
  /** Follows a run closely until a report is as wanted; throws when it is settled without, or an app breaks. */
  until(runId: string, isWanted: (report: RunReport) => boolean): Promise<RunReport>;
  eventsOf(runId: string): Promise<SentEvent[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

const PARTITIONS = 3;
const SHARD_ROWS = 1000;
const RECHECK_DELAYS_MS = [100, 200];
/** Well before vitest gives the test up, so that the reason is this one. */
const RUN_MS_MAX = 120_000;
/** For states that pass quickly. */
const CLOSE_POLL_MS = 20;

export async function openScene(options: SceneOptions): Promise<Scene> {
  const [pair, topic] = await Promise.all([freshDatabases(), freshTopic(PARTITIONS)]);
  const brokers = kafkaServer().brokers;
  const env = typeof options.env === 'function' ? options.env(topic) : options.env;
  const system = await startSystem({
    label: `e2e-${options.label}`,
    redisUrl: redisUrl(options.redisDatabase),
    brokers,
    connections: { ...urlsOf(pair), ...options.connections?.(pair) },
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(env === undefined ? {} : { env }),
  });
  return {
    ...{ pair, system, topic },
    spec: (runId, changes) => ({
      version: 1,
      runId,
      source: 'source',
      destination: 'destination',
      direction: 'SRC',
      tables: [{ pattern: '*' }],
      shard: { rows: SHARD_ROWS },
      recheck: { delaysMs: RECHECK_DELAYS_MS },
      events: { topic },
      ...changes,
    }),
    async run(spec, following) {
      await submitRun(system.coordinatorUrl, spec);
      return untilSettled({ ...followed(system, spec.runId), ...following });
    },
    until: (runId, isWanted) => untilReport({ ...followed(system, runId), pollMs: CLOSE_POLL_MS }, isWanted),
    eventsOf: (runId) => readEvents({ brokers, topic, runId }),
    async [Symbol.asyncDispose]() {
      await system.stop();
      await Promise.all([pair.source.drop(), pair.destination.drop()]);
    },
  };
}

function followed({ reporterUrl, broken }: System, runId: string): Following {
  return { reporterUrl, runId, signal: AbortSignal.any([broken, AbortSignal.timeout(RUN_MS_MAX)]) };
}

function urlsOf({ source, destination }: DatabasePair): Record<SideName, string> {
  return { source: source.url, destination: destination.url };
}

export function redisUrl(database: number): string {
  return `${redisServer().url.replace(/\/+$/, '')}/${database}`;
}
