/**
 * Events in flight: published, and not yet acknowledged. Law 3 depends on it: `flush` resolves only when every given
 * event is acknowledged. After a fault it sends all of them again, because the sink does not keep what it gave up.
 * Before each sending the ledger is asked whether the run still takes writes. Asked after the rows were confirmed, a
 * yes proves that the direction of the run was valid when they were.
 */
import type { InconsistentEvent } from '@rowparity/contracts';
import type { EventSink, PlacedEvent } from '../ports/eventSink.ts';
import { RunEnded } from './runEnded.ts';

/** Events of one attempt at a shard that are in flight at most. */
const UNACKNOWLEDGED_MAX = 1000;
/** Of these events; most take about a kilobyte. */
const UNACKNOWLEDGED_BYTES_MAX = 2 * 1024 * 1024;
/** What an event takes beside its key and the names of its columns, measured. */
const EVENT_BYTES = 1024;
/** The names themselves are those of the plan. */
const COLUMN_BYTES = 8;

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
  #bytes = 0;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  async publish(events: readonly PlacedEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.#deps.retried(() => this.#send(events));
    this.#unacknowledged.push(...events);
    for (const { event } of events) this.#bytes += bytesOf(event);
    const isMuch = this.#bytes >= UNACKNOWLEDGED_BYTES_MAX;
    if (isMuch || this.#unacknowledged.length >= UNACKNOWLEDGED_MAX) await this.flush();
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
    this.#bytes = 0;
  }

  async #send(events: readonly PlacedEvent[]): Promise<void> {
    const { sink, signal, isWanted } = this.#deps;
    if (!(await isWanted())) throw new RunEnded();
    await sink.publish(events, signal);
  }
}

/** About what it takes in memory. */
function bytesOf({ Key = {}, Columns = [] }: InconsistentEvent): number {
  let bytes = EVENT_BYTES + COLUMN_BYTES * Columns.length;
  for (const part of Object.values(Key)) {
    if (typeof part === 'string') bytes += part.length;
    else if (typeof part === 'object') bytes += part.hex.length;
  }
  return bytes;
}
