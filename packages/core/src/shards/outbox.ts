/**
 * Events in flight: published, and not yet acknowledged. Law 3 depends on it: `flush` resolves only when every given
 * event is acknowledged. After a fault it sends all of them again, because the sink does not keep what it gave up.
 */
import type { EventSink, PlacedEvent } from '../ports/eventSink.ts';

/** Events in flight at most; about a megabyte. */
const UNACKNOWLEDGED_MAX = 4000;

export interface OutboxDeps {
  readonly sink: EventSink;
  readonly signal: AbortSignal;
  /** Tries again after a transient fault. */
  retried<T>(step: () => Promise<T>): Promise<T>;
}

export class Outbox {
  readonly #deps: OutboxDeps;
  #unacknowledged: PlacedEvent[] = [];

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  async publish(events: readonly PlacedEvent[]): Promise<void> {
    const { sink, signal, retried } = this.#deps;
    if (events.length === 0) return;
    await retried(() => sink.publish(events, signal));
    this.#unacknowledged.push(...events);
    if (this.#unacknowledged.length >= UNACKNOWLEDGED_MAX) await this.flush();
  }

  async flush(): Promise<void> {
    const { sink, signal, retried } = this.#deps;
    if (this.#unacknowledged.length === 0) return;
    let isFirst = true;
    await retried(async () => {
      if (!isFirst) await sink.publish(this.#unacknowledged, signal);
      isFirst = false;
      await sink.flush(signal);
    });
    this.#unacknowledged = [];
  }
}
