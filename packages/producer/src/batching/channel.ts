/**
 * One sender's view of the batcher: what it has handed over, what was answered, what failed. A failure is told to every
 * flush that covers its message, and kept for the next flush when there is none: it is never lost, and never told to
 * another sender.
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
import type { Timers } from './timers.ts';
import { withinLimits } from './withinLimits.ts';

export interface Channel {
  /** Resolves when the message has a place. */
  accept(message: ProducerMessage, options: CallOptions): Promise<void>;
  /** Resolves when the message is acknowledged; rejects with its own error, which no flush tells again. */
  deliver(message: ProducerMessage, options: CallOptions): Promise<void>;
  flush(options: CallOptions): Promise<void>;
  /** Failures that no flush has told yet. */
  takeFailures(): Failures;
}

interface ActiveFlush {
  readonly upTo: number;
  readonly done: PromiseWithResolvers<void>;
  failures: Failures;
}

export function createChannel(batcher: Batcher, timers: Timers): Channel {
  /** Messages without an answer, in order: the batcher answers in the order of acceptance. */
  const outstanding: ProducerMessage[] = [];
  const flushes = new Set<ActiveFlush>();
  let accepted = 0;
  let answered = 0;
  let untold: Failures = NO_FAILURES;

  function answer(message: ProducerMessage, error: Error | undefined): void {
    outstanding.shift();
    answered++;
    if (error) tell(failuresOf([{ message, error }]));
    for (const flush of flushes) if (flush.upTo <= answered) flush.done.resolve();
  }

  function tell(failures: Failures): void {
    const covering = [...flushes].filter(({ upTo }) => upTo >= answered);
    if (covering.length === 0) untold = addFailures(untold, failures);
    for (const flush of covering) flush.failures = addFailures(flush.failures, failures);
  }

  function takeFailures(): Failures {
    const taken = untold;
    untold = NO_FAILURES;
    return taken;
  }

  function beginFlush(): ActiveFlush {
    const earlier = [...flushes].map(({ failures }) => failures);
    const failures = [takeFailures(), ...earlier].reduce(addFailures);
    const flush = { upTo: accepted, done: Promise.withResolvers<void>(), failures };
    if (flush.upTo <= answered) flush.done.resolve();
    flushes.add(flush);
    return flush;
  }

  return {
    async accept(message, options) {
      options.signal?.throwIfAborted();
      const { placed, withdraw } = batcher.add({
        message,
        accepted: () => {
          accepted++;
          outstanding.push(message);
        },
        settled: (error) => answer(message, error),
      });
      await withinLimits(placed, options, { timers, abandon: withdraw });
    },

    async deliver(message, options) {
      options.signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const { placed, withdraw } = batcher.add({
        message,
        accepted: () => {
          accepted++;
          outstanding.push(message);
          // Not at once: what is sent in the same turn shall share a batch.
          queueMicrotask(() => batcher.hurry());
        },
        settled: (error) => {
          answer(message, undefined);
          if (error) reject(error);
          else resolve();
        },
      });
      placed.catch(reject);
      await withinLimits(promise, options, { timers, abandon: withdraw });
    },

    async flush(options) {
      const flush = beginFlush();
      batcher.hurry();
      try {
        await withinLimits(flush.done.promise, options, { timers });
      } catch (reason) {
        if (options.signal?.aborted) {
          untold = addFailures(untold, flush.failures);
          throw reason;
        }
        throw new FlushError(flush.failures, outstanding.slice(0, flush.upTo - answered), { cause: reason });
      } finally {
        flushes.delete(flush);
      }
      if (flush.failures.count > 0) throw new FlushError(flush.failures);
    },

    takeFailures,
  };
}
