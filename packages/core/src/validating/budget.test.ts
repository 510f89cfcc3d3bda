import type { HostLimits } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { MemoryHostBudget } from '../budgeting/memoryHostBudget.ts';
import { BUDGET_STREAM_ROWS_FIRST, ShardBudget } from '../budgeting/shardBudget.ts';
import { ThrottledTime } from '../budgeting/throttledTime.ts';
import type { AdmitInput, BudgetHost, HostBudget, Throttle } from '../ports/hostBudget.ts';
import type { StreamLimits } from '../ports/rowSource.ts';
import { FakeHostSignals } from '../testing/fakeHostSignals.ts';
import type { FakeRowReader } from '../testing/fakeRowReader.ts';
import { type BenchOptions, ShardBench } from '../testing/shardBench.ts';

const LOAD: HostLimits = { maxLoad: [{ variable: 'Threads_running', max: 40 }] };

function rowsOf(count: number): [string, string][] {
  return Array.from({ length: count }, (_, i) => [String(i).padStart(7, '0'), 'v']);
}

/** Places that are taken now, and the most at one time. */
class CountingBudget implements HostBudget {
  readonly #inner: HostBudget;
  open = 0;
  openMax = 0;

  constructor(inner: HostBudget) {
    this.#inner = inner;
  }

  async admit(input: AdmitInput, signal: AbortSignal) {
    const grant = await this.#inner.admit(input, signal);
    const streams = input.needs.reduce((sum, need) => sum + need.streams, 0);
    this.open += streams;
    this.openMax = Math.max(this.openMax, this.open);
    let isOpen = true;
    return {
      release: (read: Parameters<typeof grant.release>[0]) => {
        if (isOpen) this.open -= streams;
        isOpen = false;
        grant.release(read);
      },
    };
  }

  charge(...args: Parameters<HostBudget['charge']>): void {
    this.#inner.charge(...args);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

function budgeted(limits: HostLimits, options: BenchOptions & { readonly isOneServer?: boolean }) {
  const bench = new ShardBench(options);
  const { clock } = bench;
  const signals = new FakeHostSignals();
  const budget = new CountingBudget(new MemoryHostBudget({ clock, signals }));
  const throttled = new ThrottledTime(clock);
  const throttles: Throttle[] = [];
  const host = (id: string): BudgetHost => ({ id, name: id, connection: id, limits });
  const hosts = { base: host('a'), target: host(options.isOneServer ? 'a' : 'b') };
  const onWait = (throttle: Throttle) => void throttles.push(throttle);
  bench.budget = new ShardBudget({ budget, runId: 'run', hosts, clock, throttled, onWait });
  const streams = [bench.base, bench.target].map(recordStreams);
  return { bench, budget, signals, throttled, throttles, streams };
}

/** Rows that each stream was allowed. */
function recordStreams(reader: FakeRowReader): number[] {
  const sizes: number[] = [];
  const stream = reader.stream.bind(reader);
  reader.stream = (range, limits: StreamLimits) => {
    sizes.push(limits.rows);
    return stream(range, limits);
  };
  return sizes;
}

/** Loaded until the clock has gone on so far. */
function loadUntil({ bench, signals }: ReturnType<typeof budgeted>, untilMs: number): void {
  signals.beforeRead = async () => {
    const value = bench.clock.steadyNow() < untilMs ? 61 : 1;
    for (const id of ['a', 'b']) signals.readings.set(id, { load: new Map([['Threads_running', value]]) });
  };
}

const differing = { base: [...rowsOf(500), ['x', '1'] as const], target: rowsOf(500), pageRows: 100 };

it('a budget changes no result, and every place is given back', async () => {
  const made = budgeted({ maxStreams: 2 }, differing);
  const end = await made.bench.run();
  expect(end).toMatchObject({ kind: 'ended', outcome: 'differs' });
  expect(made.bench.found()).toEqual(['target_missing x']);
  expect(made.bench.counts(end)).toMatchObject({ rowsBase: 501, rowsTarget: 500 });
  expect(made.budget.openMax).toBe(2);
  expect(made.budget.open).toBe(0);
});

it.each(['exact', 'checksum', 'auto'] as const)(
  'where both sides are one server that allows one statement, they are read in turn: %s',
  async (strategy) => {
    const made = budgeted({ maxStreams: 1 }, { ...differing, strategy, isOneServer: true });
    const end = await made.bench.run();
    expect(made.bench.found()).toEqual(['target_missing x']);
    expect(made.bench.counts(end)).toMatchObject({ rowsBase: 501, rowsTarget: 500 });
    expect(made.budget.openMax).toBe(1);
    expect(made.budget.open).toBe(0);
  },
);

it('no place is held while a shard waits to look at a candidate again', async () => {
  // More candidates than the queue holds: it waits in the middle of the streams.
  const count = 20_000;
  const made = budgeted(
    { maxStreams: 2 },
    { base: rowsOf(count), target: [], rows: count, pageRows: 1000, delaysMs: [50_000, 50_000] },
  );
  const held: number[] = [];
  made.bench.clock.onSleep = () => void held.push(made.budget.open);
  const end = await made.bench.run();
  expect(made.bench.counts(end)).toMatchObject({ targetMissing: count, rowsBase: count });
  expect(held.length).toBeGreaterThan(2);
  expect(new Set(held)).toEqual(new Set([0]));
});

it('waiting for a budget makes no shard slow: its rest is not split off', async () => {
  const made = budgeted(LOAD, { base: rowsOf(3000), target: rowsOf(3000), rows: 1000, pageRows: 100 });
  loadUntil(made, 600_000);
  const end = await made.bench.run();
  expect(end).toMatchObject({ kind: 'ended', outcome: 'match' });
  expect(made.throttled.ms).toBeGreaterThan(590_000);
  expect(made.throttles[0]?.kind).toBe('asking');
  expect(made.throttles.filter(({ kind }) => kind === 'load').length).toBeGreaterThan(1000);
  expect(made.bench.splits).toEqual([]);
});

it('waiting for a budget makes no stream shorter', async () => {
  const count = 3 * BUDGET_STREAM_ROWS_FIRST;
  const made = budgeted(LOAD, {
    ...{ base: rowsOf(count), target: rowsOf(count), rows: count, pageRows: 10_000 },
    ...{ delaysMs: [1, 1] },
  });
  loadUntil(made, 60_000);
  const [base = []] = made.streams;
  await made.bench.run();
  expect(made.throttled.ms).toBeGreaterThan(60_000);
  expect(base.length).toBeGreaterThan(1);
  for (const rows of base) expect(rows).toBeGreaterThanOrEqual(BUDGET_STREAM_ROWS_FIRST);
});

it('a limit of rows a second holds for the whole shard, and streams are short enough for it', async () => {
  const made = budgeted(
    { maxRowsPerSecond: 5000 },
    { base: rowsOf(60_000), target: rowsOf(60_000), rows: 60_000, pageRows: 1000 },
  );
  await made.bench.run();
  // A second's worth may be read at once, and the last stream is not waited for.
  expect(made.bench.clock.steadyNow()).toBeGreaterThanOrEqual(10_000);
  expect(made.bench.clock.steadyNow()).toBeLessThan(20_000);
  for (const rows of made.streams.flat()) expect(rows).toBeLessThanOrEqual(5000);
});

it('bytes a second hold as well, also before the width of a row is known', async () => {
  const wide = rowsOf(20_000).map(([key]) => [key, 'x'.repeat(1000)] as const);
  const made = budgeted(
    { maxBytesPerSecond: 2_000_000 },
    { base: wide, target: wide, rows: 20_000, pageRows: 500 },
  );
  await made.bench.run();
  expect(made.bench.clock.steadyNow()).toBeGreaterThanOrEqual(9000);
  for (const rows of made.streams.flat()) expect(rows).toBeLessThanOrEqual(1024);
});

it('rows of rechecks count, and need no place', async () => {
  const made = budgeted({ maxRowsPerSecond: 1_000_000_000, maxStreams: 2 }, differing);
  let charged = 0;
  made.budget.charge = (_host, { rows }) => {
    charged += rows;
  };
  await made.bench.run();
  // The row of the base, at the look that confirms.
  expect(charged).toBe(1);
});

it('an abort while it waits ends the shard with its reason, and nothing is held', async () => {
  const made = budgeted(LOAD, differing);
  loadUntil(made, Number.POSITIVE_INFINITY);
  const reason = new Error('draining');
  let sleeps = 0;
  made.bench.clock.onSleep = () => {
    sleeps += 1;
    if (sleeps === 50) made.bench.stop.abort(reason);
  };
  await expect(made.bench.run()).rejects.toBe(reason);
  expect(made.budget.open).toBe(0);
  expect(made.bench.commits).toEqual([]);
});

it('a fault of a stream gives its place back before the next try', async () => {
  const made = budgeted({ maxStreams: 2 }, differing);
  let faults = 3;
  made.bench.base.beforeRead = () => {
    faults -= 1;
    if (faults >= 0) throw new (class extends Error {})('once');
  };
  await expect(made.bench.run()).rejects.toThrow('once');
  expect(made.budget.open).toBe(0);
});
