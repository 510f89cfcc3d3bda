/**
 * Tells of a collector that takes no spans, and keeps that from the SDK: a trace that is lost is no fault of the
 * program. The SDK's queue is bounded, and drops what it cannot hold.
 */
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { CollectorOutage } from './collectorOutage.ts';

type Done = Parameters<SpanExporter['export']>[1];
const SUCCESS = 0;

export class ToldExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #outage: Pick<CollectorOutage, 'lost' | 'taken'>;

  constructor(exporter: SpanExporter, outage: Pick<CollectorOutage, 'lost' | 'taken'>) {
    this.#exporter = exporter;
    this.#outage = outage;
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.#exporter.export(spans, ({ code, error }) => {
      if (code === SUCCESS) this.#outage.taken();
      else this.#outage.lost(error ?? new Error('refused'));
      done({ code: SUCCESS });
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }
}
