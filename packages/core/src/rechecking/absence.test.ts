import { expect, it } from 'vitest';
import { type BenchOptions, ShardBench } from '../testing/shardBench.ts';

type Rows = [string, string][];

const rows: Rows = Array.from({ length: 50 }, (_, i) => [`k${String(i).padStart(2, '0')}`, `v${i}`]);
const changed = (keys: readonly string[]): Rows =>
  rows.map(([key, value]) => [key, keys.includes(key) ? 'other' : value]);

async function run(options: BenchOptions) {
  const bench = new ShardBench(options);
  const end = await bench.run();
  return { bench, end, counts: bench.counts(end) };
}

it.each([['base'], ['target'], ['both']] as const)(
  'a key that the %s shows and does not find by its value is judged by its range',
  async (side) => {
    const { bench, end, counts } = await run({
      base: rows,
      target: changed(['k07', 'k31']),
      pageRows: 10,
      arrange: (fresh) => {
        for (const one of ['base', 'target'] as const) {
          if (side === one || side === 'both') fresh[one].hiddenKeys.add('k07').add('k31');
        }
      },
    });
    expect(bench.found()).toEqual(['neq k07', 'neq k31']);
    expect(end).toMatchObject({ outcome: 'differs' });
    expect(counts).toMatchObject({ candidates: 2, neq: 2, converged: 0 });
  },
);

it('a row that only one side has and does not find by its value is not taken for converged', async () => {
  const { bench } = await run({
    base: rows,
    target: rows.filter(([key]) => key !== 'k07'),
    arrange: (fresh) => fresh.base.hiddenKeys.add('k07'),
  });
  expect(bench.found()).toEqual(['target_missing k07']);
});

it('a row that was deleted on both sides meanwhile has converged', async () => {
  const { bench, end, counts } = await run({
    base: rows,
    target: changed(['k07']),
    pageRows: 10,
    arrange: (fresh) => {
      fresh.clock.onSleep = () => {
        fresh.base.rows.delete('k07');
        fresh.target.rows.delete('k07');
      };
    },
  });
  expect(end).toMatchObject({ outcome: 'match' });
  expect(bench.events).toEqual([]);
  expect(counts).toMatchObject({ candidates: 1, converged: 1 });
});

it('a server that gives the same rows again behind them ends the shard with a fault, and does not go on forever', async () => {
  const bench = new ShardBench({
    base: rows,
    target: changed(['k07']),
    arrange: (fresh) => {
      fresh.base.hiddenKeys.add('k07');
      fresh.clock.onSleep = () => {
        fresh.base.readPage = async (range, limits) => ({
          ...(await Object.getPrototypeOf(fresh.base).readPage.call(
            fresh.base,
            { after: null, upTo: range.upTo },
            { ...limits, rows: 5 },
          )),
          isComplete: false,
        });
      };
    },
  });
  await expect(bench.run()).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
});
