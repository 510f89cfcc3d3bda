/** A message, and the errors that name the messages that did not arrive. No error text contains a message. */

export interface ProducerMessage {
  readonly topic: string;
  /** Messages of one key stay in order, on one partition. */
  readonly key: string;
  readonly value: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FailedMessage {
  readonly message: ProducerMessage;
  readonly error: Error;
}

/** What a record costs beside its own bytes: lengths, offsets, timestamps, and the object that holds it. */
const OVERHEAD_BYTES = 64;

/** The room that a message takes in a buffer. */
export function bytesOf({ key, value, headers = {} }: ProducerMessage): number {
  const names = Object.entries(headers).flat();
  return [key, value, ...names].reduce((sum, part) => sum + Buffer.byteLength(part), OVERHEAD_BYTES);
}

/** Messages kept in an error: enough to see a pattern; all of them have been through `onError`. */
const FAILURES_KEPT_MAX = 1000;

/** Failures as they come: all are counted, the first are kept. */
export interface Failures {
  readonly count: number;
  readonly first: readonly FailedMessage[];
}

export const NO_FAILURES: Failures = { count: 0, first: [] };

export function addFailures(a: Failures, b: Failures): Failures {
  return { count: a.count + b.count, first: [...a.first, ...b.first].slice(0, FAILURES_KEPT_MAX) };
}

export function failuresOf(failed: readonly FailedMessage[]): Failures {
  return { count: failed.length, first: failed.slice(0, FAILURES_KEPT_MAX) };
}

/** Not everything that was accepted has been acknowledged. */
export class FlushError extends Error {
  override readonly name = 'FlushError';
  /** Given up by the producer; the first thousand of them. */
  readonly failed: readonly FailedMessage[];
  readonly failedCount: number;
  /** Still in flight when the time was over: they may arrive later. */
  readonly pending: readonly ProducerMessage[];

  constructor(failures: Failures, pending: readonly ProducerMessage[] = [], options?: ErrorOptions) {
    const reason = failures.first[0]?.error.message ?? 'the time was over';
    super(
      `expected every message to be acknowledged, found ${failures.count} given up and ${pending.length} still ` +
        `without an answer: ${reason}`,
      options,
    );
    this.failed = failures.first;
    this.failedCount = failures.count;
    this.pending = pending;
  }
}

export class ProducerClosed extends Error {
  override readonly name = 'ProducerClosed';

  constructor() {
    super('the producer is closed: it takes no more messages');
  }
}

/** The call's time limit was reached. Messages accepted before may arrive later. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';

  constructor(deadlineMs: number) {
    super(`not done within ${deadlineMs} ms`);
  }
}
