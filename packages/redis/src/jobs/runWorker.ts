/**
 * Takes run jobs off the queue and hands them to the coordinator. Jobs of the run queue have no time limit: a promise
 * holds the job, and its lock is renewed. If the coordinator dies, the next one gets the job and continues from the
 * ledger.
 */
import { type Clock, Fault } from '@rowparity/contracts';
import type { Redis } from 'ioredis';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';
import { JobRefused } from './jobRefused.ts';
import { createJobWorker, type JobInput, type JobWorker, type WorkerTimes } from './jobWorker.ts';
import { RUN_QUEUE } from './queueSettings.ts';

/** A waiting run is a promise and a lock: hundreds cost nothing, and orders must not wait for each other. */
const RUNS_AT_ONCE = 500;

export interface RunWorkerOptions extends WorkerTimes {
  /** A connection made for `jobs`; it stays the caller's. */
  readonly redis: Redis;
  readonly prefix?: string;
  readonly concurrency?: number;
  readonly clock: Clock;
  readonly onError: (error: Error) => void;
  readonly onStalled?: (jobId: string) => void;
  /**
   * Resolves with what the job completes with, when the run is settled. The spec is what an orchestrator put on
   * the queue: parse it. `JobRefused` and every fault but a transient one fail the job finally. When the signal
   * aborts with `draining`, reject: the job goes back to the queue.
   */
  handle(spec: unknown, ctx: Pick<JobInput, 'signal' | 'traceparent'>): Promise<unknown>;
}

export function createRunWorker(options: RunWorkerOptions): JobWorker {
  return createJobWorker({
    ...options,
    queue: RUN_QUEUE,
    prefix: expectHashTag(options.prefix ?? DEFAULT_PREFIX),
    concurrency: options.concurrency ?? RUNS_AT_ONCE,
    async handle(data, context) {
      return { kind: 'done', result: await options.handle(data, context).catch(refuseForGood) };
    },
  });
}

/** Only a transient fault, or an unexpected error, may pass by itself. */
function refuseForGood(error: unknown): never {
  if (error instanceof Fault && error.class !== 'transient')
    throw new JobRefused(error.message, { cause: error });
  throw error;
}
