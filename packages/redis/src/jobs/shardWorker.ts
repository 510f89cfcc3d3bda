/** Takes shard jobs off the queue and hands them to the code that validates shards. */
import { type Clock, listed, type ShardJob, shardJob } from '@rowparity/contracts';
import type { Redis } from 'ioredis';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';
import { JobRefused } from './jobRefused.ts';
import { createJobWorker, type JobInput, type JobWorker, type WorkerTimes } from './jobWorker.ts';
import { SHARD_QUEUE } from './queueSettings.ts';

export interface ShardWorkerOptions extends WorkerTimes {
  /** A connection made for `jobs`; it stays the caller's. */
  readonly redis: Redis;
  readonly prefix?: string;
  /** Shards validated at once by this process. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly onError: (error: Error) => void;
  readonly onStalled?: (jobId: string) => void;
  /**
   * Validates the shard. `released` returns the job to the queue without using up a try: release the shard in the
   * ledger first. What it throws is tried again with backoff. The signal's reason is a `JobStopped`.
   */
  handle(job: ShardJob, context: JobInput): Promise<'done' | 'released'>;
}

export function createShardWorker(options: ShardWorkerOptions): JobWorker {
  return createJobWorker({
    ...options,
    queue: SHARD_QUEUE,
    prefix: expectHashTag(options.prefix ?? DEFAULT_PREFIX),
    async handle(data, context) {
      const end = await options.handle(readJob(data), context);
      return end === 'done' ? { kind: 'done', result: null } : { kind: 'released' };
    },
  });
}

/** The content of an unknown job is not repeated at length: the reason is stored with the job. */
const PROBLEMS_TOLD_MAX = 5;

function problemsIn({ issues }: { readonly issues: readonly { readonly message: string }[] }): string {
  const messages = issues.map(({ message }) => message);
  return listed(messages, PROBLEMS_TOLD_MAX, '; ');
}

/** A job of another version or another program. The coordinator notices the missing job and adds one of its own. */
function readJob(data: unknown): ShardJob {
  const parsed = shardJob.safeParse(data);
  if (parsed.success) return parsed.data;
  const message = `expected a shard job, found something else on the queue "${SHARD_QUEUE}": ${problemsIn(parsed.error)}`;
  throw new JobRefused(message, { cause: parsed.error });
}
