/**
 * How long events take: until the producer has taken a batch, and until all of it is acknowledged. A sink belongs to
 * one attempt at a shard; what it has in flight is forgotten when the attempt ends.
 */
import type { EventSink } from '@rowparity/core';
import { Counter, Gauge, Histogram, type Registry } from '@rowparity/runtime';

/** From an answer of a near broker to the end of the tries of a batch. */
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** The sinks of one attempt. */
export interface SinkScope {
  sink(sink: EventSink): EventSink;
  end(): void;
}

export class EventTimes {
  readonly #publish: Histogram;
  readonly #acknowledge: Histogram;
  readonly #failed: Counter<'step'>;
  /** Since when an attempt has had events in flight. */
  readonly #inFlight = new Map<symbol, number>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#publish = new Histogram({
      ...{ name: 'rowparity_events_publish_seconds', buckets: SECONDS, registers },
      help: 'Time until a batch of events had room in the producer',
    });
    this.#acknowledge = new Histogram({
      ...{ name: 'rowparity_events_acknowledge_seconds', buckets: SECONDS, registers },
      help: 'Time that a shard waited until Kafka had acknowledged all of its events',
    });
    this.#failed = new Counter({
      name: 'rowparity_events_failed_total',
      help: 'Batches of events that the producer did not take (publish) or Kafka did not acknowledge (acknowledge); they are sent again',
      labelNames: ['step'],
      registers,
    });
    const inFlight = this.#inFlight;
    new Gauge({
      name: 'rowparity_events_unacknowledged_seconds',
      help: 'Age of the oldest event without an acknowledgement; 0 when there is none',
      registers,
      collect() {
        const nowMs = performance.now();
        this.set((nowMs - Math.min(nowMs, ...inFlight.values())) / 1000);
      },
    });
  }

  attempt(): SinkScope {
    const id = Symbol('attempt');
    return {
      sink: (sink) => this.#timed(sink, id),
      end: () => void this.#inFlight.delete(id),
    };
  }

  #timed(sink: EventSink, id: symbol): EventSink {
    return {
      publish: async (events, signal) => {
        const beginMs = performance.now();
        if (!this.#inFlight.has(id)) this.#inFlight.set(id, beginMs);
        await this.#counted('publish', sink.publish(events, signal), signal);
        this.#publish.observe((performance.now() - beginMs) / 1000);
      },
      flush: async (signal) => {
        const beginMs = performance.now();
        await this.#counted('acknowledge', sink.flush(signal), signal);
        if (!this.#inFlight.delete(id)) return;
        this.#acknowledge.observe((performance.now() - beginMs) / 1000);
      },
    };
  }

  /** An attempt that was stopped is no failure of Kafka. */
  async #counted(step: 'publish' | 'acknowledge', call: Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (!signal.aborted) this.#failed.inc({ step });
      throw error;
    }
  }
}
