/**
 * The Producer that Rowparity's processes share. `sync`: a send resolves when the broker has acknowledged. `async`: it
 * resolves when the message has a place in a bounded buffer, and waits when there is none; `flush` tells the rest.
 */
import type { ProducerMessage } from './message.ts';

export interface CallOptions {
  /** Aborting ends the waiting, with the signal's reason; what was accepted may still be sent. */
  readonly signal?: AbortSignal;
  /** Time for this call. */
  readonly deadlineMs?: number;
}

/** One sender's messages: its `flush` answers for these alone. */
export interface ProducerChannel {
  send(message: ProducerMessage, options?: CallOptions): Promise<void>;
  /** In `sync` mode rejects with a FlushError when some were not acknowledged; the others were. */
  sendBatch(messages: readonly ProducerMessage[], options?: CallOptions): Promise<void>;
  /**
   * Resolves when everything accepted so far is acknowledged. Rejects with a FlushError that lists what was given up
   * since the last flush and, when the time is over, what is still without an answer.
   */
  flush(options?: CallOptions): Promise<void>;
}

export interface Producer extends ProducerChannel {
  /** A separate sender on the same buffer and connection: one for each shard, so that each gets its own failures. */
  channel(): ProducerChannel;
  /** Takes no more messages, sends what is left, and ends the connection; rejects with a FlushError as `flush` does. */
  close(options?: CallOptions): Promise<void>;
}
