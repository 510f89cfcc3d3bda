/**
 * BullMQ's Worker, made safe: every job has a signal with a reason, a lost lock aborts that job, and draining returns
 * jobs to the queue without using up a try. It does not depend on the content of a job.
 */
import { type Clock, failureOf } from '@rowparity/contracts';
import { ThrottledTime } from '@rowparity/core';
import { DelayedError, type Job, Queue, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { JobRefused } from './jobRefused.ts';
import { JobStopped, type StopKind } from './jobStopped.ts';
import { traceOfJob } from './jobTrace.ts';
import { countJobs } from './queueParts.ts';
import { WaitingJobs } from './waitingJobs.ts';

/** The event loop turns every few milliseconds. A minute also covers heavy swapping or a long pause. */
const LOCK_MS = 60_000;
/** A killed worker is noticed after its lock has ended, within two of these intervals. */
const STALLED_CHECK_MS = 15_000;
/**
 * BullMQ counts a job's stalls for its whole life, and gives it up at the second by default: a rollout that kills
 * workers would fail shards. The ledger's strikes guard against a job that kills its worker.
 */
const STALLS_MAX = 50;
/** Time between two checks for jobs that wait although this worker has room. */
const LOOK_FOR_WORK_MS = 10_000;
/** Kubernetes kills 30 s after SIGTERM. */
const DRAIN_MS = 25_000;

export interface WorkerTimes {
  readonly lockMs?: number;
  readonly stalledCheckMs?: number;
  readonly lookForWorkMs?: number;
}

export interface WorkerHealth {
  /** Jobs in work, those that gave their slot back included. */
  readonly active: number;
  /** How long the oldest job has been working, without what it waited for a budget; 0 when there is none. */
  readonly oldestActiveMs: number;
  /** Null until the first job has ended. */
  readonly lastEndedAt: number | null;
  /** How long jobs have been waiting while this worker had room and took none; else 0. */
  readonly deafMs: number;
}

export interface JobWorker {
  /** Takes no more jobs, aborts the running ones with reason `draining`, waits for them. False: some did not end. */
  drain(options?: { readonly withinMs?: number }): Promise<boolean>;
  health(): WorkerHealth;
  /** Resolves when Redis was reached and jobs are being taken. */
  ready(): Promise<void>;
}

export type JobEnd = { readonly kind: 'done'; readonly result: unknown } | { readonly kind: 'released' };

export interface JobInput {
  readonly signal: AbortSignal;
  /** Takes the time in which the job waits for a budget: that is no silence. */
  readonly throttled: ThrottledTime;
  readonly slot: JobSlot;
  /** Of the job, where the program that added it traces its queues. */
  readonly traceparent: string | undefined;
}

export interface JobWorkerOptions extends WorkerTimes {
  readonly queue: string;
  /** A connection made for `jobs`; it stays the caller's. */
  readonly redis: Redis;
  readonly prefix: string;
  readonly concurrency: number;
  readonly clock: Clock;
  readonly onError: (error: Error) => void;
  /** A job whose worker went silent was put back on the queue. */
  readonly onStalled?: (jobId: string) => void;
  /** Ends the job, or throws: then the job is tried again, unless it is a `JobRefused`. */
  handle(data: unknown, job: JobInput): Promise<JobEnd>;
}

export interface JobSlot {
  /**
   * The job goes on without its slot, and the worker takes another one. False: the job is handed back or lost, and its
   * signal has aborted or soon will.
   */
  giveBack(): Promise<boolean>;
}

interface ActiveJob {
  readonly stop: AbortController;
  hasSlot: boolean;
  /** On the steady clock. */
  readonly sinceMs: number;
  readonly throttled: ThrottledTime;
}

export function createJobWorker(options: JobWorkerOptions): JobWorker {
  const { clock } = options;
  const active = new Map<string, ActiveJob>();
  const waiting = new WaitingJobs({ leaseMs: options.lockMs ?? LOCK_MS, onError: options.onError });
  let lastEndedAt: number | null = null;
  let deafSinceMs: number | undefined;
  let isDraining = false;

  const process = async (job: Job, token = ''): Promise<unknown> => {
    // BullMQ may fetch once more while it closes, and then gets the job that was just returned.
    if (isDraining) return requeue(job, token, options.onError);
    const throttled = new ThrottledTime(clock);
    const sinceMs = clock.steadyNow();
    const entry: ActiveJob = { stop: new AbortController(), hasSlot: true, sinceMs, throttled };
    const id = job.id ?? '';
    active.set(id, entry);
    deafSinceMs = undefined;
    const { slot, given } = slotOf(entry, async () => !isDraining && (await waiting.begin(job, token)));
    const context = { signal: entry.stop.signal, throttled, slot, traceparent: traceOfJob(job.opts) };
    const ended = handleJob(options, job.data, context).finally(() => {
      if (active.get(id) === entry) active.delete(id);
      lastEndedAt = clock.now();
    });
    const end = await Promise.race([ended, given]);
    if (end) return end.kind === 'done' ? end.result : await requeue(job, token, options.onError);
    const kind = ended.then((late) => late.kind);
    waiting.keep(job, kind, entry.stop);
    throw new DelayedError();
  };

  const worker = new Worker(options.queue, process, workerOptions(options));
  worker.on('error', options.onError);
  worker.on('stalled', (jobId) => options.onStalled?.(jobId));
  worker.on('lockRenewalFailed', (jobIds: readonly string[]) => stop(active, jobIds, 'lockLost'));

  // BullMQ's worker has been seen to wait on a dead connection after a failover, without an error.
  const queue = new Queue(options.queue, { connection: options.redis, prefix: options.prefix });
  queue.on('error', options.onError);
  const looking = repeatEvery(options.lookForWorkMs ?? LOOK_FOR_WORK_MS, async () => {
    const counts = await countJobs(queue);
    const used = [...active.values()].filter(({ hasSlot }) => hasSlot).length;
    const isDeaf = counts.waiting > 0 && used < options.concurrency && !isDraining;
    deafSinceMs = isDeaf ? (deafSinceMs ?? clock.steadyNow()) : undefined;
  });

  return {
    async drain({ withinMs = DRAIN_MS } = {}) {
      isDraining = true;
      looking.stop();
      const closing = worker.close();
      stop(active, [...active.keys()], 'draining');
      const closed = Promise.all([closing, waiting.untilAllEnded()])
        .then(() => queue.close())
        .then(() => true);
      return inTime(closed, withinMs, clock);
    },
    health: () => ({
      active: active.size,
      oldestActiveMs: Math.max(
        0,
        ...[...active.values()].map(({ sinceMs, throttled }) => clock.steadyNow() - sinceMs - throttled.ms),
      ),
      lastEndedAt,
      deafMs: deafSinceMs === undefined ? 0 : clock.steadyNow() - deafSinceMs,
    }),
    async ready() {
      await worker.waitUntilReady();
    },
  };
}

/** `given` resolves when the job has given its slot back. */
function slotOf(entry: ActiveJob, begin: () => Promise<boolean>) {
  const { promise: given, resolve } = Promise.withResolvers<undefined>();
  const slot: JobSlot = {
    async giveBack() {
      if (!entry.hasSlot || !(await begin())) return false;
      entry.hasSlot = false;
      resolve(undefined);
      return true;
    },
  };
  return { slot, given };
}

/** Runs one step at a time. An error changes nothing; it was logged where it arose. */
function repeatEvery(ms: number, step: () => Promise<void>): { stop(): void } {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    step()
      .catch(() => undefined)
      .finally(() => {
        isBusy = false;
      });
  }, ms);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function workerOptions(options: JobWorkerOptions) {
  return {
    connection: options.redis,
    prefix: options.prefix,
    concurrency: options.concurrency,
    lockDuration: options.lockMs ?? LOCK_MS,
    stalledInterval: options.stalledCheckMs ?? STALLED_CHECK_MS,
    maxStalledCount: STALLS_MAX,
  };
}

/** BullMQ writes an error's text and stack into the job, so only our own messages may be thrown, never row values. */
async function handleJob(options: JobWorkerOptions, data: unknown, context: JobInput): Promise<JobEnd> {
  const { signal } = context;
  try {
    return await options.handle(data, context);
  } catch (error) {
    if (isStopped(signal, 'draining')) return { kind: 'released' };
    options.onError(error instanceof Error ? error : new Error(String(error)));
    if (error instanceof JobRefused) throw new UnrecoverableError(error.message);
    throw new Error(failureOf(error).message);
  }
}

/**
 * Back to the head of the queue, without using up a try. A job whose lock is gone belongs to another worker already.
 */
async function requeue(job: Job, token: string, onError: (error: Error) => void): Promise<never> {
  await job.moveToWait(token).catch(onError);
  throw new WaitingError();
}

function isStopped(signal: AbortSignal, kind: StopKind): boolean {
  return signal.reason instanceof JobStopped && signal.reason.kind === kind;
}

function stop(active: ReadonlyMap<string, ActiveJob>, jobIds: readonly string[], kind: StopKind): void {
  for (const jobId of jobIds) active.get(jobId)?.stop.abort(new JobStopped(kind));
}

async function inTime(ended: Promise<boolean>, withinMs: number, clock: Clock): Promise<boolean> {
  const answered = new AbortController();
  const late = clock.sleep(withinMs, answered.signal).then(() => false);
  try {
    return await Promise.race([ended, late]);
  } finally {
    answered.abort();
  }
}
