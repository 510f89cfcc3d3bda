/**
 * The queue on which orchestrators order runs. The job of a run completes with what the coordinator's handler
 * returns; adding the same spec again is the same job, so an order can be repeated until it is confirmed.
 */
import type { RunSpec } from '@rowparity/contracts';
import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';
import { withTrace } from './jobTrace.ts';
import { countJobs } from './queueParts.ts';
import { type QueueCounts, RUN_JOB_OPTIONS, RUN_QUEUE, runJobId } from './queueSettings.ts';
import type { QueueOptions } from './shardQueue.ts';

export type RunJobState =
  /** On the queue, or in the hands of a coordinator. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'completed'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly reason: string }
  /** Never added, or forgotten since. */
  | { readonly kind: 'unknown' };

export interface RunQueue {
  /** Orders a run; a job that failed is tried anew. Returns the job's id. `traceparent`: of the order's own trace. */
  add(spec: RunSpec, order?: { readonly traceparent?: string | undefined }): Promise<string>;
  state(jobId: string): Promise<RunJobState>;
  counts(): Promise<QueueCounts>;
  close(): Promise<void>;
}

export function createRunQueue(redis: Redis, options: QueueOptions): RunQueue {
  const prefix = expectHashTag(options.prefix ?? DEFAULT_PREFIX);
  const queue = new Queue<RunSpec>(RUN_QUEUE, { connection: redis, prefix });
  queue.on('error', options.onError);

  return {
    async add(spec, { traceparent } = {}) {
      const jobId = runJobId(spec);
      const found: Job | undefined = await orRedisFault(queue.getJob(jobId));
      if (found && (await orRedisFault(found.isFailed()))) await orRedisFault(found.remove());
      await orRedisFault(queue.add('run', spec, { ...RUN_JOB_OPTIONS, ...withTrace(traceparent), jobId }));
      return jobId;
    },

    async state(jobId) {
      const state = await orRedisFault(queue.getJobState(jobId));
      // The job is read after its state: the result was written together with the state.
      const job: Job | undefined = await orRedisFault(queue.getJob(jobId));
      if (!job) return { kind: 'unknown' };
      if (state === 'completed') return { kind: 'completed', result: job.returnvalue };
      if (state === 'failed') return { kind: 'failed', reason: job.failedReason };
      return { kind: state === 'unknown' ? 'unknown' : 'pending' };
    },

    counts: () => countJobs(queue),
    close: () => queue.close(),
  };
}
