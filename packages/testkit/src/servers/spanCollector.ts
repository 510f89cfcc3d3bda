// A small OTLP/HTTP collector on this machine: takes spans as JSON, and keeps them for the test that looks at them.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** What it failed with; undefined where it did not. */
  readonly failed: string | undefined;
}

export interface SpanCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** In the order in which they came. */
  spans(): readonly ReceivedSpan[];
  /** Everything that came, as it came. */
  texts(): readonly string[];
  close(): Promise<void>;
}

const OK = 200;
const NOT_FOUND = 404;

/** `status`: what it answers; a collector that takes nothing has another than 200. */
export async function startSpanCollector({ status = OK } = {}): Promise<SpanCollector> {
  const texts: string[] = [];
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    const isTraces = request.method === 'POST' && request.url === '/v1/traces';
    if (isTraces) texts.push(text);
    response.writeHead(isTraces ? status : NOT_FOUND, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => texts.flatMap((text) => spansOf(JSON.parse(text) as Batch)),
    texts: () => texts,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

interface Field {
  readonly key: string;
  readonly value: Readonly<Partial<Record<'stringValue' | 'intValue' | 'doubleValue', string | number>>>;
}

/** The parts of ExportTraceServiceRequest that are read here. */
interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Field[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly Field[];
  readonly status: { readonly code?: number; readonly message?: string };
}

const STATUS_ERROR = 2;

function spansOf({ resourceSpans }: Batch): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => received(span, service)));
  });
}

function received(
  { traceId, spanId, parentSpanId = '', name, attributes, status }: SentSpan,
  service: string,
) {
  const failed = status.code === STATUS_ERROR ? (status.message ?? '') : undefined;
  return { traceId, spanId, parentSpanId, name, service, attributes: valuesOf(attributes), failed };
}

function valuesOf(fields: readonly Field[]): Record<string, string | number> {
  return Object.fromEntries(
    fields.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue ?? '']),
  );
}
