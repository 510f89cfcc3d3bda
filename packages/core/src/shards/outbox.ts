/**
 * Events in flight: published, and not yet acknowledged. Law 3 depends on it: `flush` resolves only when every given
 * event is acknowledged. After a fault it sends all of them again, because the sink does not keep what it gave up.
 * Before each sending the ledger is asked whether the run still takes writes. Asked after the rows were confirmed, a
 * yes proves that the direction of the run was valid when they were.
 */
import type { EventSink, PlacedEvent } from '../ports/eventSink.ts';
import { RunEnded } from './runEnded.ts';

/** Events in flight at most, of each of the six shards that work at a time; an event takes about two kilobytes. */
const UNACKNOWLEDGED_MAX = 1000;

export interface OutboxDeps {
  readonly sink: EventSink;
  readonly signal: AbortSignal;
  /** Whether the run still takes writes. */
  isWanted(): Promise<boolean>;
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
    if (events.length === 0) return;
    await this.#deps.retried(() => this.#send(events));
    this.#unacknowledged.push(...events);
    if (this.#unacknowledged.length >= UNACKNOWLEDGED_MAX) await this.flush();
  }

  async flush(): Promise<void> {
    const { sink, signal, retried } = this.#deps;
    if (this.#unacknowledged.length === 0) return;
    let isFirst = true;
    await retried(async () => {
      if (!isFirst) await this.#send(this.#unacknowledged);
      isFirst = false;
      await sink.flush(signal);
    });
    this.#unacknowledged = [];
  }

  async #send(events: readonly PlacedEvent[]): Promise<void> {
    const { sink, signal, isWanted } = this.#deps;
    if (!(await isWanted())) throw new RunEnded();
    await sink.publish(events, signal);
  }
}
