/** A transport that keeps what it is sent, and fails on demand: for tests. */
import type { FailedMessage, ProducerMessage } from '../messages/message.ts';
import type { Transport } from '../transport/transport.ts';

export interface MemoryTransport extends Transport {
  /** The batches that arrived, without what was refused. */
  readonly batches: readonly (readonly ProducerMessage[])[];
  /** Refuses the messages for which this returns an error. */
  refuse(why: (message: ProducerMessage) => Error | undefined): void;
  /** From now on batches wait until the returned function is called. */
  pause(): () => void;
  readonly isClosed: boolean;
}

export function memoryTransport(): MemoryTransport {
  const batches: (readonly ProducerMessage[])[] = [];
  let why: (message: ProducerMessage) => Error | undefined = () => undefined;
  let gate: Promise<void> = Promise.resolve();
  let isClosed = false;
  return {
    batches,
    get isClosed() {
      return isClosed;
    },
    refuse: (reason) => {
      why = reason;
    },
    pause() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    async send(messages, signal) {
      await Promise.race([gate, aborted(signal)]);
      if (signal.aborted) return messages.map((message) => ({ message, error: abortedError(signal) }));
      const failed = messages.flatMap((message): FailedMessage[] => {
        const error = why(message);
        return error ? [{ message, error }] : [];
      });
      const refused = new Set(failed.map(({ message }) => message));
      batches.push(messages.filter((message) => !refused.has(message)));
      return failed;
    },
    async close() {
      isClosed = true;
    },
  };
}

/** Resolves at an abort. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function abortedError({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
