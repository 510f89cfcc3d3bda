import { Fault } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BenchOptions, ShardBench } from '../testing/shardBench.ts';

type Rows = [string, string][];

const abc: Rows = [
  ['a', '1'],
  ['b', '2'],
  ['c', '3'],
];

async function run(options: BenchOptions) {
  const bench = new ShardBench(options);
  const end = await bench.run();
  return { bench, end, counts: bench.counts(end) };
}

it('equal sides match and publish nothing', async () => {
  const { bench, end, counts } = await run({ base: abc, target: abc });
  expect(end).toMatchObject({ kind: 'ended', outcome: 'match', failure: null });
  expect(bench.events).toEqual([]);
  expect(counts).toMatchObject({ rowsBase: 3, rowsTarget: 3, candidates: 0 });
});

it('each type is found once, with its columns', async () => {
  const { bench, end, counts } = await run({
    base: abc,
    target: [
      ['0', 'x'],
      ['a', '1'],
      ['b', 'other'],
      ['d', 'y'],
    ],
  });
  expect(end).toMatchObject({ outcome: 'differs' });
  expect(bench.found()).toEqual(['base_missing 0', 'base_missing d', 'neq b', 'target_missing c']);
  expect(bench.events.find(({ Type }) => Type === 'neq')?.Columns).toEqual(['v']);
  expect(counts).toMatchObject({ targetMissing: 1, neq: 1, baseMissing: 2, candidates: 4, converged: 0 });
});

it('an empty base makes every target row base_missing, and an empty target every base row target_missing', async () => {
  expect((await run({ base: [], target: abc })).counts.baseMissing).toBe(3);
  expect((await run({ base: abc, target: [] })).counts.targetMissing).toBe(3);
  expect((await run({ base: [], target: [] })).end).toMatchObject({ outcome: 'match' });
});

it('replication lag is not an inconsistency', async () => {
  const { bench, end, counts } = await run({
    base: abc,
    target: abc.slice(1),
    arrange: (fresh) => {
      fresh.clock.onSleep = () => fresh.target.rows.set('a', '1');
    },
  });
  expect(end).toMatchObject({ outcome: 'match' });
  expect(bench.events).toEqual([]);
  expect(counts).toMatchObject({ candidates: 1, converged: 1 });
});

it.each([3_600_000, -3_600_000])(
  'a clock that is set by %i ms neither shortens the delay of a recheck nor draws it out',
  async (jumpMs) => {
    const { bench, end } = await run({
      base: abc,
      target: abc.slice(1),
      delaysMs: [100, 200],
      pageRows: 1,
      arrange: (fresh) => {
        let slept = 0;
        fresh.target.beforeRead = () => fresh.clock.jump(jumpMs);
        fresh.clock.onSleep = () => {
          fresh.clock.jump(jumpMs);
          slept += 1;
          if (slept === 1) fresh.target.rows.set('a', '1');
        };
      },
    });
    expect(end).toMatchObject({ outcome: 'match' });
    expect(bench.events).toEqual([]);
    expect(bench.clock.steadyNow()).toBeLessThanOrEqual(300);
  },
);

it('a row that keeps changing is unstable: an event marked so, and no match', async () => {
  let version = 0;
  const { bench, end, counts } = await run({
    base: abc,
    target: abc.slice(1),
    delaysMs: [10, 20, 30],
    arrange: (fresh) => {
      fresh.clock.onSleep = () => fresh.target.rows.set('a', `moving ${version++}`);
    },
  });
  expect(end).toMatchObject({ outcome: 'inconclusive', failure: { code: 'UNSTABLE_ROWS' } });
  expect(bench.events.map((event) => event.Stability)).toEqual(['unstable']);
  expect(counts).toMatchObject({ candidates: 1, unstable: 1, neq: 0 });
});

it('rows that stay unstable are named with the commit that counts them, beside confirmed ones, and no more than a run names', async () => {
  let version = 0;
  const moving = Array.from({ length: 30 }, (_, i): [string, string] => [`m${i + 10}`, 'x']);
  const { bench, end, counts } = await run({
    base: [...moving, ['z', '1']],
    target: [['z', 'wrong']],
    delaysMs: [10, 20],
    arrange: (fresh) => {
      fresh.clock.onSleep = () => {
        version += 1;
        for (const [key] of moving) fresh.base.rows.set(key, `moving ${version}`);
      };
    },
  });
  expect(end).toMatchObject({ outcome: 'differs', failure: null });
  expect(counts).toMatchObject({ unstable: 30, neq: 1 });
  const rest = end.kind === 'ended' ? [end.rest] : [];
  const named = [...bench.commits, ...rest].flatMap(({ unstable = [] }) => unstable);
  const first = moving
    .slice(0, 20)
    .map(([key]) => ({ key: [key], type: 'target_missing', columns: [], ageMs: 10 + 20 }));
  expect(named).toEqual(first);
});

it('a row that changes once and stays different is confirmed at a later look', async () => {
  let isFirst = true;
  const { counts } = await run({
    base: abc,
    target: abc.slice(1),
    arrange: (fresh) => {
      fresh.clock.onSleep = () => {
        if (isFirst) fresh.target.rows.set('a', 'late and wrong');
        isFirst = false;
      };
    },
  });
  expect(counts).toMatchObject({ neq: 1, targetMissing: 0, unstable: 0 });
});

it('nothing is committed before its events are acknowledged', async () => {
  const target = abc.map(([key]) => [key, 'other'] as [string, string]);
  const bench = new ShardBench({ base: abc, target });
  const order: string[] = [];
  bench.onFlush = () => order.push(`flush of ${bench.events.length}`);
  const end = await bench.run();
  expect(end).toMatchObject({ outcome: 'differs' });
  expect(order).toEqual(['flush of 3']);
  expect(bench.flushed).toBe(3);
});

it('events that a broken sink gave up are published again before the shard goes on', async () => {
  const bench = new ShardBench({ base: abc, target: [] });
  let failures = 2;
  bench.onFlush = () => {
    if (failures > 0) {
      failures -= 1;
      throw new Fault('transient', { code: 'EVENTS_NOT_ACKNOWLEDGED', message: 'gone' });
    }
  };
  expect(await bench.run()).toMatchObject({ outcome: 'differs' });
  expect(bench.events.map(({ ID, Key }) => ID ?? Key?.k)).toEqual([
    'a',
    'b',
    'c',
    'a',
    'b',
    'c',
    'a',
    'b',
    'c',
  ]);
});

it('a transient fault of a read is retried and is neither a difference nor an end of rows', async () => {
  let faults = 3;
  const { end, bench } = await run({
    base: abc,
    target: abc,
    arrange: (fresh) => {
      fresh.target.beforeRead = () => {
        if (faults-- > 0) throw new Fault('transient', { code: 'CONNECTION_LOST', message: 'gone' });
      };
    },
  });
  expect(end).toMatchObject({ outcome: 'match' });
  expect(bench.events).toEqual([]);
});

it('a fault that does not pass ends the shard with a throw, never with an outcome', async () => {
  const bench = new ShardBench({ base: abc, target: abc });
  bench.target.beforeRead = () => {
    throw new Fault('transient', { code: 'CONNECTION_LOST', message: 'gone' });
  };
  await expect(bench.run()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(bench.commits).toEqual([]);
});

it('an aborted shard stops with the reason', async () => {
  const bench = new ShardBench({ base: abc, target: [] });
  bench.clock.onSleep = () => bench.stop.abort(new Error('draining'));
  await expect(bench.run()).rejects.toThrow('draining');
});

const many: Rows = Array.from({ length: 105 }, (_, i) => [`k${String(i).padStart(3, '0')}`, 'v']);

it('a shard with far more rows than wanted ends where it stands and gives the rest back', async () => {
  const { bench, end, counts } = await run({ base: many, target: many.slice(1), rows: 5, pageRows: 10 });
  // 30 rows are more than four times 5; pieces of twice the wanted size are counted off, seven at most.
  expect(bench.splits).toEqual([
    ['k029', 'k039', 'k049', 'k059', 'k069', 'k079', 'k089', 'k099'].map((key) => [key]),
  ]);
  expect(end).toMatchObject({ kind: 'ended', outcome: 'differs', rest: { checkpoint: ['k029'] } });
  expect(counts).toMatchObject({ rowsBase: 30, rowsTarget: 29, targetMissing: 1 });
});

it('the rest is counted on the side that has more rows', async () => {
  const lots: Rows = Array.from({ length: 6000 }, (_, i) => [`k${String(i).padStart(4, '0')}`, 'v']);
  const { bench } = await run({ base: [], target: lots, rows: 100, pageRows: 10 });
  expect(bench.splits).toHaveLength(1);
});

it('a slow shard gives its rest back, too', async () => {
  const lots: Rows = Array.from({ length: 6000 }, (_, i) => [`k${String(i).padStart(4, '0')}`, 'v']);
  const { bench, end } = await run({
    base: lots,
    target: lots,
    rows: 10_000,
    pageRows: 100,
    arrange: (fresh) => {
      fresh.base.beforeRead = () => fresh.clock.advance(6000);
    },
  });
  expect(bench.splits).toHaveLength(1);
  expect(bench.splits[0]?.length).toBeGreaterThan(1);
  expect(end).toMatchObject({ kind: 'ended', outcome: 'match' });
});

it('a shard whose rest is small is not split', async () => {
  const { bench, end, counts } = await run({
    base: many.slice(0, 35),
    target: many,
    rows: 5,
    pageRows: 10,
    range: { after: null, upTo: ['k034'] },
  });
  expect(bench.splits).toEqual([]);
  expect(end).toMatchObject({ kind: 'ended', outcome: 'match' });
  expect(counts.rowsBase).toBe(35);
});

it('a split that comes too late writes nothing more', async () => {
  const { end } = await run({
    base: many,
    target: many,
    rows: 5,
    pageRows: 10,
    arrange: (fresh) => {
      fresh.splitAnswer = { kind: 'fenced' };
    },
  });
  expect(end).toEqual({ kind: 'lost' });
});

const rows = fc.uniqueArray(
  fc.tuple(
    fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', 'c', 'd') }),
    fc.constantFrom('1', '2'),
  ),
  {
    selector: ([key]) => key,
    maxLength: 60,
  },
);

it('for any rows, page size and cut, the result is that of a plain diff', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      rows,
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(null, 'b', 'cc'),
      fc.constantFrom('exact' as const, 'checksum' as const, 'auto' as const),
      async (base, target, pageRows, cut, strategy) => {
        const ranges =
          cut === null
            ? [{ after: null, upTo: null }]
            : [
                { after: null, upTo: [cut] },
                { after: [cut], upTo: null },
              ];
        const found: string[] = [];
        for (const range of ranges) {
          const { bench } = await run({ base, target, range, pageRows, strategy });
          found.push(...bench.found());
        }
        expect(found.sort()).toEqual(plainDiff(new Map(base), new Map(target)));
      },
    ),
    { numRuns: 500 },
  );
});

function plainDiff(base: ReadonlyMap<string, string>, target: ReadonlyMap<string, string>): string[] {
  const ofBase = [...base].flatMap(([key, value]) => {
    if (!target.has(key)) return [`target_missing ${key}`];
    return target.get(key) === value ? [] : [`neq ${key}`];
  });
  return [
    ...ofBase,
    ...[...target.keys()].filter((key) => !base.has(key)).map((key) => `base_missing ${key}`),
  ].sort();
}
