/**
 * Jobs whose work goes on beside the slots of the worker: they wait for a time, not for a processor. In the queue such
 * a job is delayed, for as long as a lock lasts, and the delay is renewed. If this process dies, the delay ends and
 * another worker takes the job.
 */
import { ErrorCode, type Job } from 'bullmq';
import { JobStopped } from './jobStopped.ts';

/** The delay is renewed this many times before it would end. */
const RENEWALS = 3;
const RETRY_MS = 1000;

export interface WaitingJobsOptions {
  /** Milliseconds after which another worker takes the job of a process that went silent. */
  readonly leaseMs: number;
  onError(error: Error): void;
}

export class WaitingJobs {
  readonly #options: WaitingJobsOptions;
  readonly #ends = new Set<Promise<unknown>>();

  constructor(options: WaitingJobsOptions) {
    this.#options = options;
  }

  /**
   * Takes the job out of the worker's hands. False: its lock is lost, or Redis did not answer. Then the job keeps its
   * slot; if it is delayed all the same, another worker takes it when its time comes, and the ledger tells them apart.
   */
  async begin(job: Job, token: string): Promise<boolean> {
    try {
      await job.moveToDelayed(Date.now() + this.#options.leaseMs, token);
      return true;
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /**
   * Keeps the job delayed until its work has ended, then takes it off the queue; a job whose work was handed back can
   * be taken by another worker at once. Aborts the work when the job is delayed no more.
   */
  keep(job: Job, ended: Promise<'done' | 'released'>, stop: AbortController): void {
    const { leaseMs, onError } = this.#options;
    let isBusy = false;
    const timer = setInterval(async () => {
      if (isBusy) return;
      isBusy = true;
      await job.changeDelay(leaseMs).catch((error: unknown) => {
        // Redis may be out of reach for a moment; a job that left the delayed state has another worker.
        if (isLost(error)) stop.abort(new JobStopped('lockLost'));
        else onError(error instanceof Error ? error : new Error(String(error)));
      });
      isBusy = false;
    }, leaseMs / RENEWALS);
    const finished = ended.then(
      (end) => (end === 'done' ? job.remove() : job.promote()),
      // Another try, soon: with the ledger out of reach there is nothing better to do.
      () => job.changeDelay(RETRY_MS),
    );
    const end = finished
      .catch((error: unknown) => {
        if (!isLost(error)) onError(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        clearInterval(timer);
        this.#ends.delete(end);
      });
    this.#ends.add(end);
  }

  async untilAllEnded(): Promise<void> {
    await Promise.all(this.#ends);
  }
}

/** The job is gone, or delayed no more: another worker has it, or had it. */
function isLost(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === ErrorCode.JobNotExist || error.code === ErrorCode.JobNotInState;
}
