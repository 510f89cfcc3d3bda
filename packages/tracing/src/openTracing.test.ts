import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Clock } from '@rowparity/contracts';
import { readTraceparent } from '@rowparity/contracts';
import { type SpanCollector, startSpanCollector } from '@rowparity/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { openTracing } from './openTracing.ts';
import { traceOfRun } from './traceOfRun.ts';
import type { Tracing } from './tracing.ts';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
/** Prints how often the door of the SDK is loaded by a process that opens tracing. */
const LOADED = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
const { openTracing } = await import(process.env.DOOR);
const log = { warn() {}, info() {} };
await openTracing({ service: 's', log, clock: performance, variable: (name) => process.env[name] });
console.log(loaded.filter((url) => url.includes('@opentelemetry/sdk-trace/dist/index')).length);
`;
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

async function collector(options?: { readonly status: number }): Promise<SpanCollector> {
  const started = await startSpanCollector(options);
  open.push(() => started.close());
  return started;
}

/** The SDK reads the address from the process, and the rest is given. */
async function tracingTo(url: string | undefined, variables: Readonly<Record<string, string>> = {}) {
  if (url !== undefined) vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', url);
  const lines: string[] = [];
  const log = {
    warn: (line: string) => void lines.push(line),
    info: (line: string) => void lines.push(line),
  };
  const clock: Pick<Clock, 'steadyNow'> = { steadyNow: () => 0 };
  const tracing = await openTracing({
    ...{ service: 'worker', log, clock },
    variable: (name) => variables[name] ?? process.env[name],
  });
  if (tracing) open.push(() => tracing.close());
  return { tracing, lines };
}

async function on(url: string, variables?: Readonly<Record<string, string>>): Promise<Tracing> {
  const { tracing } = await tracingTo(url, variables);
  if (!tracing) throw new Error('tracing is off');
  return tracing;
}

it('spans hang under the span of another process, and reach the collector with their attributes', async () => {
  const { url, spans } = await collector();
  const tracing = await on(url);
  const attempt = tracing.begin('validate shard', { parent: PARENT, attributes: { 'rowparity.shard': 7 } });
  expect(readTraceparent(attempt.traceparent)?.traceId).toBe(readTraceparent(PARENT)?.traceId);
  const commit = attempt.child('commit', { beginMs: Date.now() - 5 });
  commit.fail('CONNECTION_LOST');
  commit.end();
  attempt.end();
  tracing.begin('never ended', { parent: PARENT });
  await tracing.close();
  expect(spans()).toMatchObject([
    { name: 'commit', parentSpanId: readTraceparent(attempt.traceparent)?.spanId, failed: 'CONNECTION_LOST' },
    {
      name: 'validate shard',
      service: 'rowparity-worker',
      parentSpanId: '00f067aa0ba902b7',
      attributes: { 'rowparity.shard': 7 },
      failed: undefined,
    },
  ]);
});

it('a run without an order has one trace in every process', async () => {
  const { url } = await collector();
  const tracing = await on(url);
  const begin = (generation: number) =>
    readTraceparent(tracing.begin('plan run', { traceId: traceOfRun('orders-1', generation) }).traceparent);
  expect(begin(1)?.traceId).toBe(begin(1)?.traceId);
  expect(begin(1)?.traceId).not.toBe(begin(2)?.traceId);
  expect(begin(1)?.spanId).not.toBe(begin(1)?.spanId);
});

it('without an address, or switched off, there is no tracing', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', '');
  expect((await tracingTo(undefined)).tracing).toBeUndefined();
  expect((await tracingTo('http://127.0.0.1:1', { OTEL_SDK_DISABLED: 'true' })).tracing).toBeUndefined();
  expect((await tracingTo('http://127.0.0.1:1', { OTEL_TRACES_EXPORTER: 'none' })).tracing).toBeUndefined();
});

it.each([
  ['', 0],
  ['http://127.0.0.1:1', 1],
])('with the address "%s" OpenTelemetry is loaded %i times', async (url, times) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', LOADED], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: url, DOOR: import.meta.resolve('./index.ts') },
  });
  expect(stdout.trim()).toBe(String(times));
});

it.each(['collector:4318/secret', '4318 secret'])('%s is no address: told, and off', async (text) => {
  const { tracing, lines } = await tracingTo(text);
  expect(tracing).toBeUndefined();
  expect(lines).toEqual([expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT')]);
  expect(lines.join()).not.toContain('secret');
});

it.each([
  ['parentbased_always_on', '01', true],
  ['parentbased_always_on', '00', false],
  ['always_on', '00', true],
  ['always_off', '01', false],
  ['parentbased_traceidratio', '01', true],
  ['of another time', '01', true],
])('the sampler %s with a parent of flags %s: %s', async (name, flags, isSent) => {
  const { url, spans } = await collector();
  const tracing = await on(url, { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '0' });
  const span = tracing.begin('order run', { parent: PARENT.replace(/01$/, flags) });
  span.end();
  await tracing.close();
  expect(readTraceparent(span.traceparent)).toMatchObject({
    ...{ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', isSampled: isSent },
  });
  expect(spans()).toHaveLength(isSent ? 1 : 0);
});

it('a ratio of none leaves out traces that begin here', async () => {
  const { url, spans } = await collector();
  const tracing = await on(url, { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' });
  tracing.begin('order run').end();
  await tracing.close();
  expect(spans()).toEqual([]);
});

it('a collector that refuses is told once for many batches, without its address, and nothing is thrown', async () => {
  const { url, texts } = await collector({ status: 400 });
  const { tracing, lines } = await tracingTo(url);
  for (let batch = 0; batch < 5; batch += 1) {
    for (let i = 0; i < 600; i += 1) tracing?.begin('validate shard').end();
    await expect.poll(() => texts().length, { timeout: 10_000 }).toBeGreaterThan(batch);
  }
  await tracing?.close();
  expect(lines).toEqual([expect.stringContaining('takes no spans (400)')]);
  expect(lines.join()).not.toContain(url);
});
