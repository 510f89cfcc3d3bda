/**
 * OpenTelemetry's SDK with the OTLP/HTTP exporter. It is set up for our own spans alone: nothing is registered
 * globally, no context is followed through promises, and no library is patched.
 */
import { randomBytes } from 'node:crypto';
import { ROOT_CONTEXT, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, type IdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import { readTraceparent } from '@rowparity/contracts';
import { CollectorOutage } from './collectorOutage.ts';
import { beginSpan, remoteParent } from './otelSpan.ts';
import { samplerOf } from './sampler.ts';
import { ToldExporter } from './toldExporter.ts';
import type { RootOptions, Span, Tracing } from './tracing.ts';
import type { TracingOptions } from './tracingOptions.ts';

/** A shard's spans end together: a process holds this many, some megabytes, and drops further ones. */
const QUEUE_SPANS_MAX = 2048;
const BATCH_SPANS_MAX = 512;
const BATCH_WAIT_MS = 2000;
/** A process that ends waits no longer for its collector: Kubernetes kills 30 s after SIGTERM. */
const CLOSE_MS = 3000;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

export function startSdk({ service, variable, log, clock }: TracingOptions): Tracing {
  const processor = new BatchSpanProcessor({
    exporter: new ToldExporter(new OTLPTraceExporter(), new CollectorOutage(log, clock)),
    maxQueueSize: QUEUE_SPANS_MAX,
    maxExportBatchSize: BATCH_SPANS_MAX,
    scheduledDelayMillis: BATCH_WAIT_MS,
  });
  const ids = new Ids();
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': `rowparity-${service}` }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(variable),
    spanProcessors: [processor],
    idGenerator: ids,
  });
  const tracer = provider.getTracer('rowparity');
  return {
    begin: (name, options = {}) => begin(tracer, ids, { ...options, name }),
    close: () => inTime(provider.shutdown()),
  };
}

function begin(
  tracer: Tracer,
  ids: Ids,
  { parent, traceId, name, ...options }: RootOptions & { readonly name: string },
): Span {
  const known = readTraceparent(parent);
  if (known) return beginSpan({ tracer, context: remoteParent(known), name }, options);
  return ids.within(traceId, () => beginSpan({ tracer, context: ROOT_CONTEXT, name }, options));
}

/** Random ids; a trace may be given its own. */
class Ids implements IdGenerator {
  #next: string | undefined;

  /** A trace that begins within the call has this id. */
  within<T>(traceId: string | undefined, call: () => T): T {
    this.#next = traceId;
    try {
      return call();
    } finally {
      this.#next = undefined;
    }
  }

  generateTraceId(): string {
    return this.#next ?? randomBytes(TRACE_ID_BYTES).toString('hex');
  }

  generateSpanId(): string {
    return randomBytes(SPAN_ID_BYTES).toString('hex');
  }
}

/** What the collector has not taken by then is lost; it was told before. */
async function inTime(closed: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSE_MS);
  await Promise.race([closed.catch(() => undefined), late]);
  clearTimeout(timer);
}
