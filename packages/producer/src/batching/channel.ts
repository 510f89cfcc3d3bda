/**
 * One sender's view of the batcher: its messages, their answers, their failures. Every flush that covers a failed
 * message rejects with its failure; without a flush, the failure is kept for the next one. It is never lost, and never
 * reported to another sender.
 */
import {
  addFailures,
  type Failures,
  FlushError,
  failuresOf,
  NO_FAILURES,
  type ProducerMessage,
} from '../messages/message.ts';
import type { CallOptions } from '../messages/producer.ts';
import type { Batcher } from './batcher.ts';
import { type Sleeper, withinLimits } from './withinLimits.ts';

interface ActiveFlush {
  readonly upTo: number;
  readonly done: PromiseWithResolvers<void>;
  failures: Failures;
}

export class Channel {
  readonly #batcher: Batcher;
  readonly #clock: Sleeper;
  /** Messages without an answer, in order: the batcher answers in the order of acceptance. */
  readonly #outstanding: ProducerMessage[] = [];
  readonly #flushes = new Set<ActiveFlush>();
  #accepted = 0;
  #answered = 0;
  #untold: Failures = NO_FAILURES;

  constructor(batcher: Batcher, clock: Sleeper) {
    this.#batcher = batcher;
    this.#clock = clock;
  }

  /** Resolves when the message has a place. */
  async accept(message: ProducerMessage, options: CallOptions): Promise<void> {
    options.signal?.throwIfAborted();
    const { placed, withdraw } = this.#batcher.add({
      message,
      accepted: () => this.#accept(message),
      settled: (error) => this.#answer(message, error),
    });
    await withinLimits(placed, options, { clock: this.#clock, abandon: withdraw });
  }

  /** Resolves when the message is acknowledged; rejects with its own error, which no flush tells again. */
  async deliver(message: ProducerMessage, options: CallOptions): Promise<void> {
    options.signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { placed, withdraw } = this.#batcher.add({
      message,
      accepted: () => {
        this.#accept(message);
        // In a microtask, so that messages of one turn share a batch.
        queueMicrotask(() => this.#batcher.hurry());
      },
      settled: (error) => {
        this.#answer(message, undefined);
        if (error) reject(error);
        else resolve();
      },
    });
    placed.catch(reject);
    await withinLimits(promise, options, { clock: this.#clock, abandon: withdraw });
  }

  async flush(options: CallOptions): Promise<void> {
    const flush = this.#beginFlush();
    this.#batcher.hurry();
    try {
      await withinLimits(flush.done.promise, options, { clock: this.#clock });
    } catch (reason) {
      if (options.signal?.aborted) {
        this.#untold = addFailures(this.#untold, flush.failures);
        throw reason;
      }
      const unanswered = this.#outstanding.slice(0, flush.upTo - this.#answered);
      throw new FlushError(flush.failures, unanswered, { cause: reason });
    } finally {
      this.#flushes.delete(flush);
    }
    if (flush.failures.count > 0) throw new FlushError(flush.failures);
  }

  /** Failures that no flush has reported yet. */
  takeFailures(): Failures {
    const taken = this.#untold;
    this.#untold = NO_FAILURES;
    return taken;
  }

  #accept(message: ProducerMessage): void {
    this.#accepted += 1;
    this.#outstanding.push(message);
  }

  #answer(message: ProducerMessage, error: Error | undefined): void {
    this.#outstanding.shift();
    this.#answered += 1;
    if (error) this.#tell(failuresOf([{ message, error }]));
    for (const flush of this.#flushes) if (flush.upTo <= this.#answered) flush.done.resolve();
  }

  #tell(failures: Failures): void {
    const covering = [...this.#flushes].filter(({ upTo }) => upTo >= this.#answered);
    if (covering.length === 0) this.#untold = addFailures(this.#untold, failures);
    for (const flush of covering) flush.failures = addFailures(flush.failures, failures);
  }

  #beginFlush(): ActiveFlush {
    const earlier = [...this.#flushes].map(({ failures }) => failures);
    const failures = [this.takeFailures(), ...earlier].reduce(addFailures);
    const flush = { upTo: this.#accepted, done: Promise.withResolvers<void>(), failures };
    if (flush.upTo <= this.#answered) flush.done.resolve();
    this.#flushes.add(flush);
    return flush;
  }
}
