/**
 * A bounded buffer that goes out in batches: by count, by bytes, by time, at a flush, or when a sender waits for
 * room. A batch takes what has gathered while the one before it was on its way, up to its limits. One batch is in
 * flight at a time, in order: a producer that numbers its messages (Kafka's idempotent one) must never send a batch
 * after one whose result is unknown. No I/O, no clock of its own.
 */
import type { Clock } from '@rowparity/contracts';
import { bytesOf, type FailedMessage, type ProducerMessage } from '../messages/message.ts';

export interface BatchLimits {
  /** So many do not wait for more. */
  readonly batchMessages: number;
  /** Most that go together. */
  readonly batchMessagesMax: number;
  readonly batchBytes: number;
  /** Longest time that a message waits for its batch to fill. */
  readonly lingerMs: number;
  /** Room for messages that are not acknowledged: waiting and in flight. */
  readonly bufferMessages: number;
  readonly bufferBytes: number;
}

/** A message, and the calls that tell its sender how it ended: with an error, or acknowledged. */
export interface Entry {
  readonly message: ProducerMessage;
  accepted(): void;
  settled(error: Error | undefined): void;
}

export interface BatcherOptions {
  readonly limits: BatchLimits;
  readonly clock: Pick<Clock, 'steadyNow' | 'sleep'>;
  /** Resolves with the messages that were given up; a rejection gives up all. */
  deliver(messages: readonly ProducerMessage[]): Promise<readonly FailedMessage[]>;
}

interface Placed {
  readonly entry: Entry;
  readonly bytes: number;
  readonly number: number;
  readonly sinceMs: number;
}

interface Waiting {
  readonly entry: Entry;
  readonly bytes: number;
  readonly place: PromiseWithResolvers<void>;
}

/** A place in line, and how to leave it. */
export interface Added {
  readonly placed: Promise<void>;
  withdraw(reason: unknown): void;
}

export class Batcher {
  readonly #options: BatcherOptions;
  readonly #queue: Placed[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #emptied: (() => void)[] = [];
  #batch: readonly Placed[] = [];
  #queuedBytes = 0;
  #heldBytes = 0;
  #lastNumber = 0;
  /** Messages up to this number do not wait for their batch to fill. */
  #hurriedUpTo = 0;
  #lingering: AbortController | undefined;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  /** `placed` resolves when the entry has a place. Entries get their places in the order of the calls. */
  add(entry: Entry): Added {
    const next: Waiting = { entry, bytes: bytesOf(entry.message), place: Promise.withResolvers<void>() };
    if (this.#waiting.length === 0 && this.#hasRoom(next.bytes)) {
      this.#place(entry, next.bytes);
      next.place.resolve();
    } else {
      this.#waiting.push(next);
    }
    this.#pump();
    return { placed: next.place.promise, withdraw: (reason) => this.#withdraw(next, reason) };
  }

  /** Sends the messages that have a place now, without waiting for more. */
  hurry(): void {
    this.#hurriedUpTo = Math.max(this.#hurriedUpTo, this.#lastNumber);
    this.#pump();
  }

  /** From now on nothing waits for its batch to fill. */
  stopLingering(): void {
    this.#hurriedUpTo = Number.POSITIVE_INFINITY;
    this.#pump();
  }

  /** Resolves when nothing is left. */
  async whenEmpty(): Promise<void> {
    if (this.#held > 0) await new Promise<void>((resolve) => this.#emptied.push(resolve));
  }

  /** Every message that has a place, in order. */
  pending(): readonly ProducerMessage[] {
    return [...this.#batch, ...this.#queue].map(({ entry }) => entry.message);
  }

  get #held(): number {
    return this.#queue.length + this.#batch.length;
  }

  /** A message larger than the whole buffer gets its place when it is alone. */
  #hasRoom(bytes: number): boolean {
    if (this.#held === 0) return true;
    const { bufferMessages, bufferBytes } = this.#options.limits;
    return this.#held < bufferMessages && this.#heldBytes + bytes <= bufferBytes;
  }

  #place(entry: Entry, bytes: number): void {
    this.#lastNumber += 1;
    this.#queue.push({ entry, bytes, number: this.#lastNumber, sinceMs: this.#options.clock.steadyNow() });
    this.#queuedBytes += bytes;
    this.#heldBytes += bytes;
    entry.accepted();
  }

  #placeWaiting(): void {
    const waiting = this.#waiting;
    for (let next = waiting[0]; next && this.#hasRoom(next.bytes); next = waiting[0]) {
      waiting.shift();
      this.#place(next.entry, next.bytes);
      next.place.resolve();
    }
  }

  #isDue(head: Placed): boolean {
    const { batchMessages, batchBytes } = this.#options.limits;
    return (
      head.number <= this.#hurriedUpTo ||
      this.#queue.length >= batchMessages ||
      this.#queuedBytes >= batchBytes ||
      this.#waiting.length > 0
    );
  }

  #pump(): void {
    const head = this.#queue[0];
    if (this.#batch.length > 0 || !head) return;
    if (!this.#isDue(head)) {
      this.#linger(head);
      return;
    }
    this.#lingering?.abort();
    this.#lingering = undefined;
    this.#batch = this.#takeBatch();
    void this.#deliverBatch();
  }

  #linger(head: Placed): void {
    if (this.#lingering) return;
    const { limits, clock } = this.#options;
    const lingering = new AbortController();
    this.#lingering = lingering;
    const restMs = Math.max(0, head.sinceMs + limits.lingerMs - clock.steadyNow());
    clock.sleep(restMs, lingering.signal).then(
      () => {
        if (lingering.signal.aborted) return;
        this.#lingering = undefined;
        this.hurry();
      },
      () => undefined,
    );
  }

  #takeBatch(): readonly Placed[] {
    const { batchMessagesMax, batchBytes } = this.#options.limits;
    let bytes = 0;
    const end = this.#queue.findIndex((placed, i) => {
      bytes += placed.bytes;
      return i > 0 && (i >= batchMessagesMax || bytes > batchBytes);
    });
    const taken = this.#queue.splice(0, end < 0 ? this.#queue.length : end);
    this.#queuedBytes -= sumBytes(taken);
    return taken;
  }

  async #deliverBatch(): Promise<void> {
    const errors = await this.#outcomes(this.#batch.map(({ entry }) => entry.message));
    const done = this.#batch;
    this.#batch = [];
    this.#heldBytes -= sumBytes(done);
    this.#placeWaiting();
    for (const { entry } of done) entry.settled(errors.get(entry.message));
    if (this.#held === 0) for (const resolve of this.#emptied.splice(0)) resolve();
    this.#pump();
  }

  async #outcomes(messages: readonly ProducerMessage[]): Promise<ReadonlyMap<ProducerMessage, Error>> {
    try {
      const failed = await this.#options.deliver(messages);
      return new Map(failed.map(({ message, error }) => [message, error]));
    } catch (reason) {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      return new Map(messages.map((message) => [message, error]));
    }
  }

  /** Gives up waiting for a place; an entry that has one keeps it. */
  #withdraw(entry: Waiting, reason: unknown): void {
    const index = this.#waiting.indexOf(entry);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    entry.place.reject(reason);
  }
}

function sumBytes(placed: readonly Placed[]): number {
  return placed.reduce((sum, { bytes }) => sum + bytes, 0);
}
