// A run's trace, as a collector gets it: from the orchestrator's span through order, plan and attempts to the header of
// the events. And a collector that is away changes nothing but the log.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RowparityClient } from '@rowparity/client';
import { type RunReport, readTraceparent } from '@rowparity/contracts';
import { type ReceivedSpan, type SpanCollector, startSpanCollector } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const ORCHESTRATOR = `00-${TRACE}-00f067aa0ba902b7-01`;
const SECRET_VALUE = 'rowvalue-in-no-trace';
/** The keys begin here: a number that no id and no time contains by chance. */
const FIRST_KEY = 9_111_222_333_000;
const ROWS = 3000;
const TABLES = ['customers', 'orders'];

let collector: SpanCollector;
let scene: Scene;
beforeAll(async () => {
  collector = await startSpanCollector();
  scene = await openScene({
    ...{ label: 'traces', redisDatabase: 14 },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
  await plantRows(scene);
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await collector?.close();
});

/** A row differs in one table, and one is missing in the other: in two shards, however the tables are cut. */
async function plantRows({ pair }: Scene): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, i) => `(${FIRST_KEY + i}, '${SECRET_VALUE}')`).join();
  for (const table of TABLES) {
    const create = `CREATE TABLE ${table} (id BIGINT PRIMARY KEY, v VARCHAR(40))`;
    await execute(pair, 'both', create, `INSERT INTO ${table} VALUES ${rows}`);
  }
  await execute(
    pair,
    'destination',
    `UPDATE orders SET v = 'other' WHERE id = ${FIRST_KEY + 7}`,
    `DELETE FROM customers WHERE id = ${FIRST_KEY + 2600}`,
  );
}

function settled({ system }: Scene, runId: string): Promise<RunReport> {
  const client = new RowparityClient({ coordinator: system.coordinatorUrl, reporter: system.reporterUrl });
  return client.waitUntilSettled(runId, { signal: system.broken, pollMs: 100 });
}

function named(spans: readonly ReceivedSpan[], name: string): readonly ReceivedSpan[] {
  return spans.filter((span) => span.name === name);
}

test('one trace leads from the orchestrator through plan, attempts and publish to the header of the events', async () => {
  const client = new RowparityClient({ coordinator: scene.system.coordinatorUrl });
  await client.submit(scene.spec('traced'), { traceparent: ORCHESTRATOR });
  expect((await settled(scene, 'traced')).verdict).toBe('inconsistent');
  const events = await scene.eventsOf('traced');
  await expect
    .poll(() => named(collector.spans(), 'settle run').length, { timeout: 20_000 })
    .toBeGreaterThan(0);
  const ofTrace = () => collector.spans().filter(({ traceId }) => traceId === TRACE);
  await expect.poll(() => named(ofTrace(), 'publish').length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);

  const [order] = named(ofTrace(), 'order run');
  expect(order).toMatchObject({ parentSpanId: '00f067aa0ba902b7', service: 'rowparity-coordinator' });
  const attempts = named(ofTrace(), 'validate shard');
  for (const span of [...named(ofTrace(), 'plan run'), ...named(ofTrace(), 'settle run'), ...attempts]) {
    expect(span.parentSpanId).toBe(order?.spanId);
  }
  expect(named(ofTrace(), 'plan run')[0]?.attributes).toMatchObject({
    ...{ 'rowparity.run': 'traced', 'rowparity.answer': 'planned', 'rowparity.tables': 2 },
  });
  expect(named(ofTrace(), 'settle run')[0]?.attributes).toMatchObject({
    'rowparity.verdict': 'inconsistent',
  });
  const differing = attempts.filter(({ attributes }) => attributes['rowparity.outcome'] === 'differs');
  expect(differing).toHaveLength(2);
  for (const { service, attributes } of differing) {
    expect(service).toBe('rowparity-worker');
    expect(attributes).toMatchObject({
      'rowparity.attempt': 1,
      'rowparity.confirmed': 1,
    });
  }
  expect(differing.map(({ attributes }) => attributes['rowparity.table']).sort()).toEqual(TABLES);
  for (const step of ['read', 'recheck', 'publish', 'acknowledge', 'commit']) {
    const parents = new Set(named(ofTrace(), step).map(({ parentSpanId }) => parentSpanId));
    for (const { spanId } of differing) expect(parents, step).toContain(spanId);
  }

  expect(events).toHaveLength(2);
  const carried = events.map(({ headers: { traceparent } }) => readTraceparent(traceparent));
  expect(carried.map((found) => found?.traceId)).toEqual([TRACE, TRACE]);
  expect(carried.map((found) => found?.spanId).sort()).toEqual(differing.map(({ spanId }) => spanId).sort());
  expect(JSON.parse(events[0]?.text ?? '')).not.toHaveProperty('traceparent');
  expect(collector.texts().join()).not.toContain(SECRET_VALUE);
  expect(collector.texts().join()).not.toContain('91112223');
});

test('an order without a trace begins one, and every span of its run is in it', async () => {
  await scene.run(scene.spec('untraced'));
  const ofRun = () =>
    collector.spans().filter(({ attributes }) => attributes['rowparity.run'] === 'untraced');
  await expect
    .poll(() => new Set(ofRun().map(({ name }) => name)), { timeout: 20_000 })
    .toEqual(new Set(['order run', 'plan run', 'validate shard', 'settle run']));
  expect(new Set(ofRun().map(({ traceId }) => traceId)).size).toBe(1);
  expect(ofRun().map(({ traceId }) => traceId)).not.toContain(TRACE);
});

test('a collector that is away is told a few times, and no run is hurt', async () => {
  const away = await startSpanCollector();
  await away.close();
  await using unseen = await openScene({
    ...{ label: 'traces-away', redisDatabase: 15 },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: away.url },
  });
  await plantRows(unseen);
  const client = new RowparityClient({ coordinator: unseen.system.coordinatorUrl });
  for (const runId of ['away-1', 'away-2', 'away-3']) {
    await client.submit(unseen.spec(runId, { shard: { rows: 100 } }), { traceparent: ORCHESTRATOR });
  }
  for (const runId of ['away-1', 'away-2', 'away-3']) {
    expect((await settled(unseen, runId)).verdict).toBe('inconsistent');
    expect(await unseen.eventsOf(runId)).toHaveLength(2);
  }
  await expect
    .poll(() => unseen.system.lastLogLines(), { timeout: 60_000 })
    .toContain('takes no spans (ECONNREFUSED)');
  await unseen.system.stop();
  const { logFolder } = unseen.system;
  for (const name of (await readdir(logFolder)).filter((file) => file.endsWith('.log'))) {
    const lines = (await readFile(join(logFolder, name), 'utf8')).split('\n');
    expect(lines.filter((line) => line.includes('takes no spans')).length, name).toBeLessThanOrEqual(2);
  }
});
