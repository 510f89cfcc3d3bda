import { expect, it } from 'vitest';
import type { FakeRowReader } from '../testing/fakeRowReader.ts';
import { type BenchOptions, ShardBench } from '../testing/shardBench.ts';

const MIB = 1024 * 1024;
/** What packages/mysql takes of one point read. */
const POINT_BYTES_MAX = 4 * MIB;

type Rows = [string, string][];

/** Keys of three digits, so that their order is that of the numbers. */
function rows(count: number, bytes: number, last: string): Rows {
  const body = 'x'.repeat(bytes - 1);
  return Array.from({ length: count }, (_, i) => [String(100 + i), `${body}${last}`]);
}

/** Like a server's reader: a point read beyond its bytes is cut, and says so. Gathers the bytes of each. */
function limitPointReads(reader: FakeRowReader): number[] {
  const asked: number[] = [];
  const readKeys = reader.readKeys.bind(reader);
  reader.readKeys = async (keys) => {
    const page = await readKeys(keys);
    asked.push(page.bytes.length);
    if (page.rows <= 1 || page.bytes.length <= POINT_BYTES_MAX) return page;
    const first = await readKeys(keys.slice(0, 1));
    return { ...first, isComplete: false };
  };
  return asked;
}

async function run(options: BenchOptions) {
  const bench = new ShardBench(options);
  const asked = [limitPointReads(bench.base), limitPointReads(bench.target)];
  const end = await bench.run();
  return { bench, asked: asked.flat(), counts: bench.counts(end) };
}

it('wide rows that differ wait together: one pass, and the delay of one round', async () => {
  const { bench, counts } = await run({
    base: rows(60, MIB / 4, 'a'),
    target: rows(60, MIB / 4, 'b'),
    delaysMs: [3000, 3000],
  });
  expect(counts).toMatchObject({ neq: 60, candidates: 60 });
  expect(bench.clock.steadyNow()).toBe(3000);
});

it('point reads of wide rows are of few rows: by what was seen, none is cut', async () => {
  const { asked } = await run({ base: rows(60, MIB / 4, 'a'), target: rows(60, MIB / 4, 'b') });
  expect(asked.length).toBeGreaterThan(3);
  expect(Math.max(...asked)).toBeLessThanOrEqual(POINT_BYTES_MAX);
});

it('rows that have grown beyond a point read are read in smaller groups, and judged in the same way', async () => {
  const { bench, counts } = await run({
    base: rows(40, 10, 'a'),
    target: rows(40, 10, 'b'),
    arrange: ({ base, target, clock }) => {
      clock.onSleep = () => {
        const large = new Map(rows(40, MIB / 4, 'c'));
        for (const key of base.rows.keys()) {
          base.rows.set(key, large.get(key) ?? '');
          target.rows.set(key, key === '107' ? 'different' : (large.get(key) ?? ''));
        }
        clock.onSleep = undefined;
      };
    },
  });
  expect(counts).toMatchObject({ candidates: 40, converged: 39, neq: 1 });
  expect(bench.found()).toEqual(['neq 107']);
});

it('a row that changes in one byte of many between two looks has moved', async () => {
  let looks = 0;
  const { counts } = await run({
    base: rows(1, MIB, 'a'),
    target: rows(1, MIB, 'b'),
    arrange: ({ target, clock }) => {
      clock.onSleep = () => {
        looks += 1;
        target.rows.set('100', `${'x'.repeat(MIB - 1)}${looks}`);
      };
    },
  });
  expect(counts).toMatchObject({ candidates: 1, unstable: 1, neq: 0 });
});
