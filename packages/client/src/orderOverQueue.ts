/** Orders a run on the queue and waits for its job, which completes with where the run stands when it is settled. */
import {
  isTransient,
  type RunSpec,
  type RunSpecInput,
  runSpec,
  specProblems,
  type WholeRunAnswer,
  wholeRunAnswer,
} from '@rowparity/contracts';
import { type Attempted, restFor, retrying } from './retrying.ts';
import { RowparityError } from './rowparityError.ts';

const POLL_MS = 1000;
/** Of one question to the queue, with all its attempts. */
const DEADLINE_MS = 120_000;
/** A job that is gone was completed long ago: to order it again gives its run once more. */
const ORDERS_MAX = 3;

export type RunOrderState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'completed'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'unknown' };

/** The queue, as `createRunQueue` of `@rowparity/redis` has it. Transient faults are tried again. */
export interface RunOrderQueue {
  /** The same spec again is the same job. */
  add(spec: RunSpec, order: { readonly traceparent?: string | undefined }): Promise<string>;
  state(jobId: string): Promise<RunOrderState>;
}

export interface OrderOptions {
  readonly signal?: AbortSignal;
  /** Between two looks at the job, in milliseconds. Default 1 s. */
  readonly pollMs?: number;
  /** How long an outage of the queue is sat out, in milliseconds. Default two minutes. */
  readonly deadlineMs?: number;
  /** Header of W3C Trace Context: the trace of the order goes on to the events of its run. */
  readonly traceparent?: string;
}

export async function orderOverQueue(
  queue: RunOrderQueue,
  spec: RunSpecInput,
  { signal, pollMs = POLL_MS, deadlineMs = DEADLINE_MS, traceparent }: OrderOptions = {},
): Promise<WholeRunAnswer> {
  const checked = checkedSpec(spec);
  const ask = <T>(question: () => Promise<T>) => retrying(() => attempt(question), { deadlineMs, signal });
  let jobId = await ask(() => queue.add(checked, { traceparent }));
  for (let orders = 1; ; ) {
    const state = await ask(() => queue.state(jobId));
    switch (state.kind) {
      case 'completed':
        return resultOf(state.result);
      case 'failed':
        throw new RowparityError({ code: 'order_refused', message: state.reason });
      case 'unknown':
        if (orders >= ORDERS_MAX) throw forgotten(checked.runId);
        orders += 1;
        jobId = await ask(() => queue.add(checked, { traceparent }));
        break;
      case 'pending':
        await restFor(pollMs, signal);
    }
  }
}

function checkedSpec(spec: RunSpecInput): RunSpec {
  const read = runSpec.safeParse(spec);
  if (read.success) return read.data;
  const problems = [...specProblems(read.error)];
  const message = 'The spec is not valid; problems lists every place.';
  throw new RowparityError({ code: 'invalid_spec', message, problems });
}

async function attempt<T>(question: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { kind: 'done', value: await question() };
  } catch (error) {
    if (!isTransient(error)) throw error;
    return { kind: 'transient', error: error as Error };
  }
}

function resultOf(result: unknown): WholeRunAnswer {
  const read = wholeRunAnswer.safeParse(result);
  if (read.success) return read.data;
  const message =
    'The job completed with what this version does not know. Use the client of the coordinator.';
  throw new RowparityError({ code: 'unexpected_answer', message, cause: read.error });
}

function forgotten(runId: string): RowparityError {
  const message = `The job of run ${runId} is gone each time it is added. Does anything else empty the queue?`;
  return new RowparityError({ code: 'order_refused', message });
}
