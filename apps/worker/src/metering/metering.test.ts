import { Fault, zeroCounts } from '@rowparity/contracts';
import { type EventSink, MemoryHostBudget, type ShardHolds } from '@rowparity/core';
import { FakeRowReader } from '@rowparity/core/testing/fakeRowReader';
import { createMetrics, StatementTimes, systemClock } from '@rowparity/runtime';
import { beforeEach, expect, it } from 'vitest';
import { workerMetrics } from '../workerMetrics.ts';
import { EventTimes } from './eventTimes.ts';
import { LedgerTimes } from './ledgerTimes.ts';
import { ThrottledSeconds } from './throttledSeconds.ts';
import { timedReaders } from './timedReaders.ts';

const never = new AbortController().signal;
const ALL = { after: null, upTo: null };
const PAGE = { rows: 2, bytes: 1_000_000 };
const TAKING: EventSink = { publish: async () => {}, flush: async () => {} };

let registry: ReturnType<typeof createMetrics>;
beforeEach(() => {
  registry = createMetrics('worker');
});

/** The value of one series; 0 for one that is not there. */
async function seriesOf(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const found = await registry.getSingleMetric(name.replace(/_(count|sum)$/, ''))?.get();
  const all = (found?.values ?? []) as { metricName?: string; labels: object; value: number }[];
  const own = all.filter(
    (value) =>
      (value.metricName ?? name) === name && expect.objectContaining(labels).asymmetricMatch(value.labels),
  );
  return own.reduce((sum, { value }) => sum + value, 0);
}

function readers() {
  const reader = (rows: readonly (readonly [string, string])[]) => new FakeRowReader(rows);
  const rows = [
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ] as const;
  const fake = { base: reader(rows), target: reader(rows) };
  const times = new StatementTimes(registry);
  const timed = timedReaders({ pages: fake, points: fake }, times, (side) =>
    side === 'base' ? 'old' : 'new',
  );
  return { fake, timed };
}

it('each statement counts for its connection and kind, and gives what the reader gave', async () => {
  const { timed } = readers();
  const { pages, points } = timed;
  expect((await pages.base.readPage(ALL, PAGE, never)).rows).toBe(2);
  expect((await points.target.readKeys([['a']], never)).rows).toBe(1);
  expect((await pages.target.digests([ALL], never))[0]?.rows).toBe(3);
  expect(await pages.base.lastKey(ALL, never)).toEqual(['c']);
  const stream = pages.base.stream(ALL, { rows: 10, page: PAGE }, never);
  expect((await stream.page()).rows).toBe(2);
  stream.take(2);
  expect((await stream.page()).rows).toBe(1);
  await stream.close();
  const count = (connection: string, kind: string) =>
    seriesOf('rowparity_statement_seconds_count', { connection, kind });
  expect(await count('old', 'page')).toBe(3);
  expect(await count('new', 'points')).toBe(1);
  expect(await count('new', 'digest')).toBe(1);
  expect(await count('old', 'plan')).toBe(1);
  expect(await count('new', 'page')).toBe(0);
});

it('a statement that fails counts with its time and its code, and its fault comes through', async () => {
  const { fake, timed } = readers();
  const fault = new Fault('transient', { code: 'STATEMENT_TIMEOUT', message: 'late' });
  fake.base.beforeRead = () => {
    throw fault;
  };
  await expect(timed.points.base.readKeys([['a']], never)).rejects.toBe(fault);
  expect(await seriesOf('rowparity_statement_seconds_count', { connection: 'old', kind: 'points' })).toBe(1);
  expect(
    await seriesOf('rowparity_statement_faults_total', { connection: 'old', code: 'STATEMENT_TIMEOUT' }),
  ).toBe(1);
});

it('events have an age until they are acknowledged, or their attempt ends', async () => {
  const times = new EventTimes(registry);
  const [first, second] = [times.attempt(), times.attempt()];
  const sink = first.sink(TAKING);
  const age = () => seriesOf('rowparity_events_unacknowledged_seconds');
  await sink.flush(never);
  expect(await seriesOf('rowparity_events_acknowledge_seconds_count')).toBe(0);
  await sink.publish([], never);
  expect(await age()).toBeGreaterThan(0);
  await sink.flush(never);
  expect(await age()).toBe(0);
  expect(await seriesOf('rowparity_events_publish_seconds_count')).toBe(1);
  expect(await seriesOf('rowparity_events_acknowledge_seconds_count')).toBe(1);
  await second.sink(TAKING).publish([], never);
  expect(await age()).toBeGreaterThan(0);
  second.end();
  expect(await age()).toBe(0);
});

it('a flush that fails counts and keeps the age, and a stopped attempt is no failure', async () => {
  const scope = new EventTimes(registry).attempt();
  const stop = new AbortController();
  const refusing: EventSink = { publish: async () => {}, flush: async () => Promise.reject(new Error('no')) };
  const sink = scope.sink(refusing);
  await sink.publish([], never);
  await expect(sink.flush(never)).rejects.toThrow('no');
  expect(await seriesOf('rowparity_events_failed_total', { step: 'acknowledge' })).toBe(1);
  expect(await seriesOf('rowparity_events_unacknowledged_seconds')).toBeGreaterThan(0);
  stop.abort();
  await expect(sink.flush(stop.signal)).rejects.toThrow('no');
  expect(await seriesOf('rowparity_events_failed_total', { step: 'acknowledge' })).toBe(1);
});

const HOLD = { runId: 'r', shard: 0, attempt: 1, last: 'w' };
const END = { checkpoint: null, add: zeroCounts(), outcome: 'inconclusive' } as const;

it('a shard counts as inconclusive by its code once the ledger has taken its end', async () => {
  let written: 'written' | 'fenced' = 'fenced';
  const holds = { finish: async () => ({ kind: written }) } as unknown as ShardHolds;
  const ledger = new LedgerTimes(registry).timed(holds);
  const end = { ...END, failure: { code: 'TARGET_BEHIND', message: 'behind' } } as const;
  await ledger.finish(HOLD, end, 1);
  expect(await seriesOf('rowparity_shards_inconclusive_total')).toBe(0);
  expect(await seriesOf('rowparity_ledger_refused_total', { write: 'finish', reason: 'fenced' })).toBe(1);
  written = 'written';
  await ledger.finish(HOLD, end, 1);
  expect(await seriesOf('rowparity_shards_inconclusive_total', { code: 'TARGET_BEHIND' })).toBe(1);
  expect(await seriesOf('rowparity_ledger_write_seconds_count', { write: 'finish' })).toBe(2);
});

it('a wait for a budget counts by server and reason while it lasts', async () => {
  const signals = { read: async () => ({}), close: async () => {} };
  const inner = new MemoryHostBudget({ clock: systemClock, signals });
  const budget = new ThrottledSeconds(registry).timed(inner);
  const host = { id: 'h', name: 'db:3306', connection: 'old', limits: { maxStreams: 1 } };
  const input = { runId: 'r', needs: [{ host, streams: 1, rows: 1, bytes: 1 }] };
  const first = await budget.admit(input, never);
  const looks: string[] = [];
  const second = budget.admit({ ...input, onWait: ({ kind }) => void looks.push(kind) }, never);
  const seconds = () =>
    seriesOf('rowparity_host_throttled_seconds_total', { host: 'db:3306', reason: 'streams' });
  await expect.poll(seconds).toBeGreaterThan(0);
  first.release([]);
  (await second).release([]);
  const total = await seconds();
  expect(looks).toContain('streams');
  (await budget.admit(input, never)).release([]);
  expect(await seconds()).toBe(total);
  await budget.close();
});

it('rows that converged count by the lag that was seen', async () => {
  const metrics = workerMetrics();
  registry = metrics.registry;
  metrics.onCommit({ ...zeroCounts(), lagTwoSeconds: 3, lagLonger: 1, unstable: 2 });
  expect(await seriesOf('rowparity_convergence_seconds_count')).toBe(4);
  expect(await seriesOf('rowparity_convergence_seconds_sum')).toBe(3 * 2 + 512);
  expect(await seriesOf('rowparity_unstable_total')).toBe(2);
});
