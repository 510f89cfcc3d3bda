import { expect, it } from 'vitest';
import { type BenchOptions, ShardBench } from '../testing/shardBench.ts';
import { checkpointOf } from './changedPlace.ts';

type Rows = [string, string][];

const KEYS = Array.from({ length: 1000 }, (_, i) => `k${String(i).padStart(4, '0')}`);
const rows: Rows = KEYS.map((key, i) => [key, `v${i}`]);
const changed = (keys: readonly string[]): Rows =>
  rows.map(([key, value]) => [key, keys.includes(key) ? 'other' : value]);
const rowsExcept = (keys: readonly string[]): Rows => rows.filter(([key]) => !keys.includes(key));
const timesOf = (time: string, keys: readonly string[]) => new Map(keys.map((key) => [key, time]));

async function run(options: BenchOptions) {
  const bench = new ShardBench(options);
  const end = await bench.run();
  return { bench, end, counts: bench.counts(end) };
}

it('only the rows that changed on either side are compared, in both directions', async () => {
  const { bench, end, counts } = await run({
    base: rowsExcept(['k0003']),
    target: changed(['k0001', 'k0002', 'k0900']).filter(([key]) => key !== 'k0004'),
    times: {
      base: timesOf('10', ['k0001', 'k0004', 'k0005']),
      target: timesOf('11', ['k0002', 'k0003', 'k0005']),
    },
  });
  // k0900 differs, and nothing says that it changed.
  expect(bench.found().sort()).toEqual([
    'base_missing k0003',
    'neq k0001',
    'neq k0002',
    'target_missing k0004',
  ]);
  expect(end).toMatchObject({ outcome: 'differs' });
  expect(counts).toMatchObject({ rowsBase: 4, rowsTarget: 4, planted: 3, caught: 3 });
});

it('a row whose update times differ is told and counted once', async () => {
  const { bench, counts } = await run({
    base: rows,
    target: changed(['k0001']),
    times: { base: timesOf('10', ['k0001']), target: timesOf('12', ['k0001']) },
  });
  expect(bench.found()).toEqual(['neq k0001']);
  expect(counts).toMatchObject({ candidates: 1, neq: 1 });
});

it('any number of rows of one time are all compared, whatever was compared before a crash', async () => {
  const times = () => ({ base: timesOf('10', KEYS), target: timesOf('10', KEYS) });
  const options = { base: rows, target: changed(['k0000', 'k0500', 'k0999']), recheck: { delaysMs: [1, 1] } };
  const whole = await run({ ...options, times: times() });
  expect(whole.counts).toMatchObject({ rowsBase: 1000, rowsTarget: 1000, neq: 3, candidates: 3 });
  const checkpoint = checkpointOf({ side: 'base', after: { time: '10', key: ['k0500'] }, baseEnd: null });
  const rest = await run({ ...options, times: times(), checkpoint });
  expect(rest.bench.found()).toEqual(['neq k0999']);
  expect(rest.counts).toMatchObject({ rowsBase: 499, neq: 1 });
});

it('however many rows only the target says have changed are all compared', async () => {
  const { bench, counts } = await run({
    base: rows,
    target: changed(['k0999']),
    times: { base: new Map(), target: timesOf('10', KEYS) },
  });
  expect(bench.found()).toEqual(['neq k0999']);
  expect(counts).toMatchObject({ rowsTarget: 1000 });
});

it('a row that changes behind the end of the base’s list is compared when the target lists it', async () => {
  const base = timesOf('10', ['k0001']);
  const { bench } = await run({
    base: rows,
    target: changed(['k0007']),
    times: { base, target: timesOf('11', ['k0007']) },
    arrange: (fresh) => {
      fresh.base.beforeRead = () => void base.set('k0007', '12');
    },
  });
  expect(bench.found()).toEqual(['neq k0007']);
});

it('a row that is deleted between its listing and its reading raises no alarm; where it stays, it is found', async () => {
  const times = { base: timesOf('10', ['k0001', 'k0002']), target: new Map<string, string>() };
  const gone = await run({
    base: rowsExcept(['k0001']),
    target: changed(['k0002']).filter(([key]) => key !== 'k0001'),
    times,
  });
  expect(gone.bench.found()).toEqual(['neq k0002']);
  expect(gone.counts).toMatchObject({ candidates: 2, converged: 1 });
  const left = await run({ base: rowsExcept(['k0001']), target: rows, times });
  expect(left.bench.found()).toEqual(['base_missing k0001']);
});

it('a row that is there in the order of its key and is never found by its value ends the shard with a fault', async () => {
  const bench = new ShardBench({
    base: rows,
    target: rows,
    times: { base: timesOf('10', ['k0001']), target: new Map() },
    arrange: (fresh) => void fresh.base.hiddenKeys.add('k0001'),
  });
  await expect(bench.run()).rejects.toMatchObject({ code: 'KEY_NOT_USABLE' });
});

it('a shard of changed rows is not divided, however many there are', async () => {
  const { bench } = await run({
    base: rows,
    target: rows,
    rows: 10,
    times: { base: timesOf('10', KEYS), target: timesOf('10', KEYS) },
  });
  expect(bench.splits).toEqual([]);
});
