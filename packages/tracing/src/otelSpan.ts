/** Our span on OpenTelemetry's. */
import {
  type Context,
  SpanKind as Kinds,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type TraceParent, writeTraceparent } from '@rowparity/contracts';
import type { Span, SpanKind, SpanOptions } from './tracing.ts';

const KINDS: Readonly<Record<SpanKind, Kinds>> = {
  internal: Kinds.INTERNAL,
  server: Kinds.SERVER,
  consumer: Kinds.CONSUMER,
  producer: Kinds.PRODUCER,
};

interface Begun {
  readonly tracer: Tracer;
  readonly context: Context;
  readonly name: string;
}

export function beginSpan(
  { tracer, context, name }: Begun,
  { kind = 'internal', beginMs, attributes = {} }: SpanOptions,
): Span {
  const options = { kind: KINDS[kind], attributes, ...(beginMs === undefined ? {} : { startTime: beginMs }) };
  const span = tracer.startSpan(name, options, context);
  return {
    traceparent: traceparentOf(span),
    isRecorded: span.isRecording(),
    child: (childName, childOptions = {}) =>
      beginSpan({ tracer, context: trace.setSpan(ROOT_CONTEXT, span), name: childName }, childOptions),
    set: (more) => void span.setAttributes(more),
    fail: (code) => void span.setStatus({ code: SpanStatusCode.ERROR, message: code }),
    end: (endMs) => span.end(endMs),
  };
}

export function remoteParent({ traceId, spanId, isSampled }: TraceParent): Context {
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function traceparentOf(span: OtelSpan): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return writeTraceparent({ traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
}
