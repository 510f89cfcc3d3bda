/** Events kept in memory, for tests and for a caller who wants them as values. */
import type { EventSink, PlacedEvent } from '@rowparity/core';

export interface MemoryEventSink extends EventSink {
  /** What a flush has acknowledged. */
  readonly acknowledged: readonly PlacedEvent[];
}

export function memoryEventSink(): MemoryEventSink {
  const published: PlacedEvent[] = [];
  const acknowledged: PlacedEvent[] = [];
  return {
    acknowledged,
    async publish(events, signal) {
      signal.throwIfAborted();
      published.push(...events);
    },
    async flush(signal) {
      signal.throwIfAborted();
      acknowledged.push(...published.splice(0));
    },
  };
}
