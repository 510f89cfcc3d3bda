import {
  addCounts,
  Fault,
  type InconsistentEvent,
  type KeyTuple,
  type RunSpec,
  zeroCounts,
} from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Progress } from '../ports/ledger.ts';
import type { ServerPosition } from '../ports/rowSource.ts';
import type { Fencing } from '../positions/fencing.ts';
import { RunConvergence } from '../shards/convergenceTimes.ts';
import { FakeMultisetReader } from '../testing/fakeMultisetReader.ts';
import { FakeRowReader } from '../testing/fakeRowReader.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { BATCH_ROWS_MAX, batchesOf } from './bucketBatches.ts';
import { validateMultisets } from './validateMultisets.ts';

const BUCKETS = 16;
const column = {
  names: { base: 'v', target: 'v' },
  types: { base: 't', target: 't' },
  readAs: { kind: 'plain' as const },
  rules: [],
};
const table = { schema: 's', table: 't' };
const plan = {
  tables: { base: table, target: table },
  columns: [column],
  key: [],
  multiset: { buckets: BUCKETS },
  indexes: { base: null, target: null },
  where: null,
};

class Bench {
  readonly clock = new ManualClock();
  readonly base: FakeMultisetReader;
  readonly target: FakeMultisetReader;
  readonly events: InconsistentEvent[] = [];
  readonly commits: Progress[] = [];
  flushed = 0;
  readonly stop = new AbortController();
  readonly convergence = new RunConvergence();
  /** For positions. */
  readonly points = { base: new FakeRowReader([]), target: new FakeRowReader([]) };
  fencing: Fencing | undefined;
  recheck: Partial<RunSpec['recheck']> = {};

  constructor(base: readonly string[], target: readonly string[]) {
    this.base = new FakeMultisetReader(base, BUCKETS);
    this.target = new FakeMultisetReader(target, BUCKETS);
  }

  run(checkpoint: KeyTuple | null = null, delaysMs: number[] | undefined = [100, 200]) {
    const readers = this.points;
    const policy = {
      strategy: 'exact' as const,
      recheck: { delaysMs, stillMs: 'auto', fence: 'off', maxWaitMs: 0, ...this.recheck } as const,
      shard: { rows: 10, window: 1, pageRows: 10 },
      ...{ known: { keep: 1000 }, events: { resolved: false } },
    };
    return validateMultisets(
      {
        context: {
          ...{ runId: 'run', generation: 1, direction: 'SRC', table: 't', plan },
          rows: {
            connections: { source: 's', destination: 'd' },
            tables: { source: 't', destination: 't' },
            keySpace: '0'.repeat(16),
          },
        },
        ...{ shard: 0, range: { after: null, upTo: null }, checkpoint, counts: zeroCounts(), policy },
      },
      {
        ...{ pages: readers, points: readers, clock: this.clock },
        convergence: this.convergence,
        fencing: this.fencing,
        multisets: { base: this.base, target: this.target },
        sink: {
          publish: async (placed) => void this.events.push(...placed.map(({ event }) => event)),
          flush: async () => {
            this.flushed = this.events.length;
          },
        },
        isWanted: async () => true,
        commit: async (progress) => {
          // Law 3: what is committed is acknowledged.
          expect(this.flushed).toBe(this.events.length);
          this.commits.push(progress);
          return { kind: 'written' };
        },
      },
      this.stop.signal,
    );
  }

  async counted(checkpoint: KeyTuple | null = null, delaysMs = [100, 200]) {
    const end = await this.run(checkpoint, delaysMs);
    if (end.kind !== 'ended') throw new Error(end.kind);
    return { end, counts: [...this.commits, end.rest].map(({ add }) => add).reduce(addCounts, zeroCounts()) };
  }
}

const rows = Array.from({ length: 200 }, (_, i) => `row ${i % 150}`);

it('equal multisets match after one pass a side', async () => {
  const bench = new Bench(rows, rows.toReversed());
  const { end, counts } = await bench.counted();
  expect(end).toMatchObject({ outcome: 'match' });
  expect(counts).toMatchObject({ rowsBase: 200, rowsTarget: 200, candidates: 0 });
  expect(counts.planted).toBeGreaterThan(0);
  expect(counts.caught).toBe(counts.planted);
  expect([bench.base.passes, bench.target.passes]).toEqual([1, 1]);
});

it('for any rows, exactly those that one side has more often are told', async () => {
  const side = fc.array(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(side, side, async (base, target) => {
      const { counts } = await new Bench(base, target).counted();
      const count = (texts: readonly string[], text: string) => texts.filter((one) => one === text).length;
      const more = (a: readonly string[], b: readonly string[]) =>
        [...new Set(a)].reduce((sum, text) => sum + Math.max(0, count(a, text) - count(b, text)), 0);
      expect(counts).toMatchObject({
        targetMissing: more(base, target),
        baseMissing: more(target, base),
        neq: 0,
        unstable: 0,
      });
    }),
    { numRuns: 100 },
  );
});

it('a row that arrives before the next look has converged', async () => {
  const bench = new Bench(rows, rows.slice(1));
  bench.clock.onSleep = () => {
    bench.target.rowTexts = [...rows];
  };
  const { end, counts } = await bench.counted();
  expect(end).toMatchObject({ outcome: 'match' });
  expect(counts).toMatchObject({ candidates: 1, converged: 1, targetMissing: 0 });
  expect(bench.events).toEqual([]);
});

it('a row that keeps changing is unstable: named, and no match', async () => {
  const bench = new Bench([...rows, 'n', 'n'], rows);
  let looks = 0;
  bench.clock.onSleep = () => {
    looks += 1;
    bench.base.rowTexts = [...rows, ...Array.from({ length: 2 + looks }, () => 'n')];
  };
  const { end, counts } = await bench.counted();
  expect(counts).toMatchObject({ unstable: 1, targetMissing: 0 });
  expect(end).toMatchObject({ outcome: 'inconclusive', failure: { code: 'UNSTABLE_ROWS' } });
  expect(end.rest.unstable).toHaveLength(1);
  expect(bench.events).toMatchObject([{ Stability: 'unstable', Type: 'target_missing', Rows: 4n }]);
});

it('a transient fault of a pass is tried again, another one ends the shard', async () => {
  const bench = new Bench(rows, rows.slice(3));
  let faults = 2;
  bench.base.beforePass = () => {
    faults -= 1;
    if (faults >= 0) throw new Fault('transient', { code: 'CONNECTION_LOST', message: 'gone' });
  };
  expect((await bench.counted()).counts.targetMissing).toBe(3);
  const broken = new Bench(rows, rows);
  broken.base.beforePass = () => {
    throw new Fault('permanent', { code: 'STATEMENT_FAILED', message: 'no' });
  };
  await expect(broken.run()).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
});

it('a shard continues after its checkpoint, and rows before it are not counted again', async () => {
  const whole = (await new Bench(rows, rows.slice(20)).counted()).counts;
  const rest = (await new Bench(rows, rows.slice(20)).counted(['7'])).counts;
  expect(rest.rowsBase).toBeLessThan(whole.rowsBase);
  expect(rest.targetMissing).toBeLessThan(whole.targetMissing);
  expect(rest.rowsBase).toBeGreaterThan(0);
});

it.each([
  ['takes every row for one', () => 1n],
  [
    'differs by itself',
    (() => {
      let n = 0n;
      return () => (n += 1n);
    })(),
  ],
])('a digest that %s makes its shard inconclusive, not a match', async (_, digestOf) => {
  const bench = new Bench(rows, rows);
  bench.base.digestOf = digestOf;
  bench.target.digestOf = digestOf;
  const { end } = await bench.counted();
  expect(end).not.toMatchObject({ outcome: 'match' });
});

it('batches hold bounded rows, in the order of their buckets, and reach to the end of the range', () => {
  const sum = (bucket: number, n: number) => ({ bucket, rows: BATCH_ROWS_MAX / 2, sum: BigInt(n) });
  const base = Array.from({ length: 10 }, (_, bucket) => sum(bucket, bucket));
  const target = base.map(({ bucket }) => sum(bucket, bucket % 3 === 0 ? bucket : -bucket - 1));
  const batches = batchesOf({ base, target });
  expect(batches.flatMap(({ differing }) => differing)).toEqual([1, 2, 4, 5, 7, 8]);
  expect(batches.map(({ differing }) => differing.length)).toEqual([2, 2, 2]);
  expect(batches.map(({ upTo }) => upTo)).toEqual([3, 6, undefined]);
  expect(batches.reduce((rows, batch) => rows + batch.rows.base, 0)).toBe(5 * BATCH_ROWS_MAX);
});

const UUID = { base: '3e11fa47-71ca-11e1-9e33-c80aa9429562', target: 'd3fe112a-e9d8-11f1-8c06-02fc00000001' };

function positionOf(side: 'base' | 'target', transactions: number): ServerPosition {
  const value = `${UUID.base}:1-${transactions}`;
  return { uuid: UUID[side], serverId: side, position: { variable: 'gtid_executed', value } };
}

/** The target replicates from the base, stands still at transaction 5, and goes on after a time. */
function fenced(target: readonly string[], goesOnAtMs: number, onCaughtUp: (bench: Bench) => void): Bench {
  const bench = new Bench(rows, target);
  const planned = { base: positionOf('base', 5), target: positionOf('target', 5) };
  bench.fencing = { kind: 'positions', upstream: 'base', planned };
  bench.recheck = { delaysMs: undefined, stillMs: 1000, fence: 'auto', maxWaitMs: 60_000 };
  const stand = () => {
    const isThere = bench.clock.steadyNow() >= goesOnAtMs;
    bench.points.base.serverPosition = positionOf('base', 9);
    bench.points.target.serverPosition = positionOf('target', isThere ? 9 : 5);
    if (isThere) onCaughtUp(bench);
  };
  stand();
  bench.clock.onSleep = stand;
  return bench;
}

it('rows on their way to a replica that stands still are no differences', async () => {
  const bench = fenced(rows.slice(20), 20_000, ({ target }) => {
    target.rowTexts = [...rows];
  });
  const { end, counts } = await bench.counted();
  expect(end).toMatchObject({ outcome: 'match' });
  expect(bench.events).toEqual([]);
  expect(counts.converged).toBe(counts.candidates);
  expect(counts.candidates).toBeGreaterThan(0);
  // Lag that the fence has ruled out makes no other difference wait longer.
  expect(bench.convergence.slowestMs).toBe(0);
});

it('rows that a replica still lacks when it has caught up are told, after seven looks that the fence covers', async () => {
  let passes = 0;
  const bench = fenced(rows.slice(20), 20_000, ({ base }) => {
    passes ||= base.passes;
  });
  const { counts } = await bench.counted();
  expect(counts).toMatchObject({ targetMissing: 20, unstable: 0 });
  expect(bench.clock.steadyNow()).toBeGreaterThanOrEqual(20_000);
  expect(bench.base.passes - passes).toBe(7);
});

it('a replica that stays behind makes the shard inconclusive, never different', async () => {
  const { end, counts } = await fenced(rows.slice(20), Number.POSITIVE_INFINITY, () => {}).counted();
  expect(end).toMatchObject({ outcome: 'inconclusive', failure: { code: 'TARGET_BEHIND' } });
  expect(counts).toMatchObject({ targetMissing: 0 });
  expect(counts.unstable).toBeGreaterThan(0);
});
