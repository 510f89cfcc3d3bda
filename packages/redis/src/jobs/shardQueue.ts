/**
 * The queue of shard jobs, as the coordinator sees it. Its jobs are hints that a shard wants work: a job may be lost
 * or run twice, and the ledger keeps the count right.
 */
import { SHARD_JOB_VERSION, type ShardJob } from '@rowparity/contracts';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';
import { countJobs } from './queueParts.ts';
import { type QueueCounts, SHARD_JOB_OPTIONS, SHARD_QUEUE, shardJobId } from './queueSettings.ts';

/** `addBulk` is one pipeline: larger ones hold up the other clients of Redis and gain nothing. */
const ADD_SLICE = 500;

export interface QueueOptions {
  readonly prefix?: string;
  readonly onError: (error: Error) => void;
}

/** The run that a job is for. */
export type QueuedRun = Pick<ShardJob, 'runId' | 'generation'>;

export interface ShardQueue {
  /** Puts shards on the queue; those that have a live job already are left alone. */
  add(run: QueuedRun, shards: readonly number[]): Promise<void>;
  /** Those of the shards that have no live job: lost, or given up after their tries. */
  missing(runId: string, shards: readonly number[]): Promise<readonly number[]>;
  /** Takes the shards' waiting jobs off the queue; returns how many. Jobs that a worker holds run to their end. */
  remove(runId: string, shards: readonly number[]): Promise<number>;
  counts(): Promise<QueueCounts>;
  /** When the job that waits longest was added; undefined when none waits. */
  oldestWaitingSince(): Promise<number | undefined>;
  close(): Promise<void>;
}

export function createShardQueue(redis: Redis, options: QueueOptions): ShardQueue {
  const prefix = expectHashTag(options.prefix ?? DEFAULT_PREFIX);
  const queue = new Queue<ShardJob>(SHARD_QUEUE, { connection: redis, prefix });
  queue.on('error', options.onError);

  return {
    async add(run, shards) {
      for (let first = 0; first < shards.length; first += ADD_SLICE) {
        await orRedisFault(
          queue.addBulk(shards.slice(first, first + ADD_SLICE).map((shard) => bulkJob(run, shard))),
        );
      }
    },

    async missing(runId, shards) {
      const isLive = await Promise.all(
        shards.map((shard) => orRedisFault(redis.exists(queue.toKey(shardJobId(runId, shard))))),
      );
      return shards.filter((_, place) => isLive[place] === 0);
    },

    async remove(runId, shards) {
      const removed = await Promise.all(
        shards.map((shard) => orRedisFault(queue.remove(shardJobId(runId, shard)))),
      );
      return removed.reduce((sum, count) => sum + count, 0);
    },

    counts: () => countJobs(queue),

    async oldestWaitingSince() {
      const [oldest] = await orRedisFault(queue.getJobs(['wait'], 0, 0, true));
      return oldest?.timestamp;
    },

    close: () => queue.close(),
  };
}

function bulkJob({ runId, generation }: QueuedRun, shard: number) {
  const data: ShardJob = { version: SHARD_JOB_VERSION, runId, generation, shard };
  return { name: 'shard', data, opts: { ...SHARD_JOB_OPTIONS, jobId: shardJobId(runId, shard) } };
}
