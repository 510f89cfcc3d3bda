/** Spans of runs and shards. This page names what others may use. */

export { openTracing } from './openTracing.ts';
export { traceOfRun } from './traceOfRun.ts';
export { type Attributes, nowMs, type RootOptions, type Span, type Tracing } from './tracing.ts';
