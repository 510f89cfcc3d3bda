/**
 * What a traced program sees: spans that it begins and ends by itself. Attributes have names of a closed list, so that
 * no row value, key or credential gets into a trace (law 9); a fault is told by its code alone.
 */
import type { FailureCode } from '@rowparity/contracts';

export type AttributeName =
  | ('rowparity.run' | 'rowparity.generation' | 'rowparity.shard' | 'rowparity.attempt')
  | ('rowparity.table' | 'rowparity.side' | 'rowparity.answer' | 'rowparity.outcome' | 'rowparity.verdict')
  | (
      | 'rowparity.tables'
      | 'rowparity.shards'
      | 'rowparity.rows'
      | 'rowparity.rows.base'
      | 'rowparity.rows.target'
    )
  | ('rowparity.events' | 'rowparity.confirmed' | 'rowparity.unstable' | 'rowparity.keys')
  | `rowparity.steps.${string}`;

export type Attributes = Readonly<Partial<Record<AttributeName, string | number>>>;

/** `server` takes a request, `consumer` a job; `producer` sends messages. */
export type SpanKind = 'internal' | 'server' | 'consumer' | 'producer';

export interface SpanOptions {
  readonly kind?: SpanKind;
  /** Milliseconds since 1970, with a fraction; now when left out. */
  readonly beginMs?: number;
  readonly attributes?: Attributes;
}

export interface RootOptions extends SpanOptions {
  /** The span of another process that this one belongs to. */
  readonly parent?: string | undefined;
  /** Without a parent: 32 hex digits; by chance when left out. */
  readonly traceId?: string | undefined;
}

export interface Span {
  /** Names this span to other processes. */
  readonly traceparent: string;
  /** False where the sampler leaves it out: nothing that is told of it goes anywhere. */
  readonly isRecorded: boolean;
  child(name: string, options?: SpanOptions): Span;
  set(attributes: Attributes): void;
  fail(code: FailureCode): void;
  /** A span that is never ended is never sent. */
  end(endMs?: number): void;
}

export interface Tracing {
  begin(name: string, options?: RootOptions): Span;
  /** Sends what is left, for a bounded time. */
  close(): Promise<void>;
}

/** Milliseconds since 1970, on the clock that does not jump. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
