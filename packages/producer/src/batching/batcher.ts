/**
 * A bounded buffer that goes out in batches: by count, by bytes, by time, when somebody flushes, or when somebody
 * waits for room. One batch is on its way at a time and they go in order: a producer that numbers its messages
 * (Kafka's idempotent one) must never have a second batch behind one whose fate is unknown. No I/O, no clock.
 */
import { bytesOf, type FailedMessage, type ProducerMessage } from '../messages/message.ts';
import type { Timers } from './timers.ts';

export interface BatchLimits {
  readonly batchMessages: number;
  readonly batchBytes: number;
  /** Longest time that a message waits for its batch to fill. */
  readonly lingerMs: number;
  /** Room for messages that are not acknowledged: waiting and on their way. */
  readonly bufferMessages: number;
  readonly bufferBytes: number;
}

/** A message and whoever wants to know how it ended: with an error, or acknowledged. */
export interface Entry {
  readonly message: ProducerMessage;
  accepted(): void;
  settled(error: Error | undefined): void;
}

export interface Batcher {
  /** Resolves when the entry has a place. Entries get their places in the order of the calls. */
  add(entry: Entry): { readonly placed: Promise<void>; withdraw(reason: unknown): void };
  /** What has a place by now goes out without waiting for more. */
  hurry(): void;
  /** From now on nothing waits for its batch to fill. */
  stopLingering(): void;
  /** Resolves when nothing is left. */
  whenEmpty(): Promise<void>;
  /** Every message that has a place, in order. */
  pending(): readonly ProducerMessage[];
}

export interface BatcherOptions {
  readonly limits: BatchLimits;
  readonly timers: Timers;
  /** Resolves with the messages that were given up; a rejection gives up all. */
  deliver(messages: readonly ProducerMessage[]): Promise<readonly FailedMessage[]>;
}

interface Placed {
  readonly entry: Entry;
  readonly bytes: number;
  readonly number: number;
  readonly since: number;
}

interface Waiting {
  readonly entry: Entry;
  readonly bytes: number;
  readonly place: PromiseWithResolvers<void>;
}

export function createBatcher({ limits, timers, deliver }: BatcherOptions): Batcher {
  const queue: Placed[] = [];
  const waiting: Waiting[] = [];
  const emptied: (() => void)[] = [];
  let batch: readonly Placed[] = [];
  let queuedBytes = 0;
  let heldBytes = 0;
  let lastNumber = 0;
  /** Messages up to this number do not wait for their batch to fill. */
  let hurriedUpTo = 0;
  let callOffLinger: (() => void) | undefined;

  const held = (): number => queue.length + batch.length;

  /** A message larger than the whole buffer gets its place when it is alone. */
  function hasRoom(bytes: number): boolean {
    if (held() === 0) return true;
    return held() < limits.bufferMessages && heldBytes + bytes <= limits.bufferBytes;
  }

  function place(entry: Entry, bytes: number): void {
    queue.push({ entry, bytes, number: ++lastNumber, since: timers.now() });
    queuedBytes += bytes;
    heldBytes += bytes;
    entry.accepted();
  }

  function placeWaiting(): void {
    for (let next = waiting[0]; next && hasRoom(next.bytes); next = waiting[0]) {
      waiting.shift();
      place(next.entry, next.bytes);
      next.place.resolve();
    }
  }

  function isDue(head: Placed): boolean {
    return (
      head.number <= hurriedUpTo ||
      queue.length >= limits.batchMessages ||
      queuedBytes >= limits.batchBytes ||
      waiting.length > 0
    );
  }

  function pump(): void {
    const head = queue[0];
    if (batch.length > 0 || !head) return;
    if (!isDue(head)) {
      linger(head);
      return;
    }
    callOffLinger?.();
    callOffLinger = undefined;
    batch = takeBatch();
    void deliverBatch();
  }

  function linger(head: Placed): void {
    callOffLinger ??= timers.after(Math.max(0, head.since + limits.lingerMs - timers.now()), () => {
      callOffLinger = undefined;
      hurry();
    });
  }

  function takeBatch(): readonly Placed[] {
    let bytes = 0;
    const end = queue.findIndex((placed, i) => {
      bytes += placed.bytes;
      return i > 0 && (i >= limits.batchMessages || bytes > limits.batchBytes);
    });
    const taken = queue.splice(0, end < 0 ? queue.length : end);
    queuedBytes -= sumBytes(taken);
    return taken;
  }

  async function deliverBatch(): Promise<void> {
    const errors = await outcomes(batch.map(({ entry }) => entry.message));
    const done = batch;
    batch = [];
    heldBytes -= sumBytes(done);
    placeWaiting();
    for (const { entry } of done) entry.settled(errors.get(entry.message));
    if (held() === 0) for (const resolve of emptied.splice(0)) resolve();
    pump();
  }

  async function outcomes(
    messages: readonly ProducerMessage[],
  ): Promise<ReadonlyMap<ProducerMessage, Error>> {
    try {
      const failed = await deliver(messages);
      return new Map(failed.map(({ message, error }) => [message, error]));
    } catch (reason) {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      return new Map(messages.map((message) => [message, error]));
    }
  }

  function hurry(): void {
    hurriedUpTo = Math.max(hurriedUpTo, lastNumber);
    pump();
  }

  return {
    add(entry) {
      const next: Waiting = { entry, bytes: bytesOf(entry.message), place: Promise.withResolvers<void>() };
      if (waiting.length === 0 && hasRoom(next.bytes)) {
        place(entry, next.bytes);
        next.place.resolve();
      } else {
        waiting.push(next);
      }
      pump();
      return { placed: next.place.promise, withdraw: (reason) => withdraw(waiting, next, reason) };
    },
    hurry,
    stopLingering() {
      hurriedUpTo = Number.POSITIVE_INFINITY;
      pump();
    },
    async whenEmpty() {
      if (held() > 0) await new Promise<void>((resolve) => emptied.push(resolve));
    },
    pending: () => [...batch, ...queue].map(({ entry }) => entry.message),
  };
}

function sumBytes(placed: readonly Placed[]): number {
  return placed.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Gives up waiting for a place; an entry that has one keeps it. */
function withdraw(waiting: Waiting[], entry: Waiting, reason: unknown): void {
  const index = waiting.indexOf(entry);
  if (index < 0) return;
  waiting.splice(index, 1);
  entry.place.reject(reason);
}
