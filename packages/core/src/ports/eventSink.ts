/**
 * Where events go. `publish` takes them over (and may wait for room); only after `flush` resolves are all of them
 * acknowledged. A checkpoint must not move before that (law 3). A sink answers for what was published on it: each
 * attempt at a shard has its own, so that a failure reaches the attempt whose events were lost. Not in this port:
 * closing. The code that opens a sink with something to close also closes it.
 */
import type { InconsistentEvent } from '@rowparity/contracts';

/** An event and what it travels with: the shard is a header, the table and key make the partition key. */
export interface PlacedEvent {
  readonly event: InconsistentEvent;
  readonly shard: number;
}

export interface EventSink {
  /** Rejects when the sink cannot accept them; then nothing may be assumed of any of them. */
  publish(events: readonly PlacedEvent[], signal: AbortSignal): Promise<void>;
  /**
   * Resolves when everything published before is acknowledged. Rejects when anything was not: then all that was
   * published since the last flush that resolved must be published again.
   */
  flush(signal: AbortSignal): Promise<void>;
}

/** A sink that holds a file or the like, for the code that opened it. */
export interface ClosableSink extends EventSink {
  close(): Promise<void>;
}
