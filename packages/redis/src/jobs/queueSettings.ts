/** Names, ids and budgets of the queues: what both ends of a queue must agree on. */
import { createHash } from 'node:crypto';
import type { RunSpec } from '@rowparity/contracts';
import { canonicalJson } from '@rowparity/core';
import type { JobsOptions } from 'bullmq';

export const SHARD_QUEUE = 'shards';
export const RUN_QUEUE = 'runs';

/**
 * A shard's failing attempts end within half a minute; after that the coordinator finds the shard without a job and
 * puts it on the queue again, and the ledger's strikes bound the whole.
 */
const SHARD_TRIES = 5;
const SHARD_BACKOFF_MS = 1000;

/** A coordinator that cannot reach a database tries for some minutes, then says so. */
const RUN_TRIES = 10;
const RUN_BACKOFF_MS = 5000;
/** An orchestrator has a day to fetch the result of a run from the queue; the ledger keeps it longer. */
const RUN_RESULT_KEPT_S = 24 * 3600;
const RUN_RESULTS_KEPT_MAX = 1000;

/** Job ids are free again as soon as a job has ended: only the ledger records what is done. */
export const SHARD_JOB_OPTIONS: JobsOptions = {
  attempts: SHARD_TRIES,
  backoff: { type: 'exponential', delay: SHARD_BACKOFF_MS, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: true,
};

export const RUN_JOB_OPTIONS: JobsOptions = {
  attempts: RUN_TRIES,
  backoff: { type: 'fixed', delay: RUN_BACKOFF_MS },
  removeOnComplete: { age: RUN_RESULT_KEPT_S, count: RUN_RESULTS_KEPT_MAX },
  removeOnFail: { age: RUN_RESULT_KEPT_S, count: RUN_RESULTS_KEPT_MAX },
};

/** No ":" (BullMQ's own) and never all digits; "~" is in no run id. */
export function shardJobId(runId: string, shard: number): string {
  return `${runId}~${shard}`;
}

const DIGEST_CHARACTERS = 16;

/** The same spec is the same job; another spec of the same run id is another job, which the ledger then refuses. */
export function runJobId(spec: RunSpec): string {
  const digest = createHash('sha256').update(canonicalJson(spec)).digest('hex');
  return `${spec.runId}~${digest.slice(0, DIGEST_CHARACTERS)}`;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  /** Waiting for another try. */
  readonly delayed: number;
}
