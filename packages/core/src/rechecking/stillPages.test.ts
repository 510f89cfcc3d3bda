import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, ShardBench } from '../testing/shardBench.ts';

const COUNT = 600;
const keys = Array.from({ length: COUNT }, (_, i) => String(1000 + i));
const base = keys.map((key): [string, string] => [key, `v${key}`]);
/** Half of the rows, so the page is read again as a whole. */
const differing = keys.filter((_, i) => i % 2 === 0);
const target = base.map(([key, value]): [string, string] => [key, differing.includes(key) ? 'other' : value]);
const DENSE = { base, target, keyKind: 'decimal', recheck: {} } as const;

type Live = (bench: ShardBench, ms: number) => void;

async function run(options: BenchOptions, live: Live = () => undefined) {
  const bench = new ShardBench({
    ...options,
    arrange: (fresh) => {
      const step = () => live(fresh, fresh.clock.steadyNow());
      fresh.clock.onSleep = step;
      for (const side of ['base', 'target'] as const) fresh[side].beforeRead = step;
    },
  });
  const end = await bench.run();
  return { bench, end, counts: bench.counts(end), ms: bench.clock.steadyNow() };
}

/** At the first look at this time or later. */
const once = (atMs: number, change: (bench: ShardBench) => void): Live => {
  let isDone = false;
  return (bench, ms) => {
    if (isDone || ms < atMs) return;
    isDone = true;
    change(bench);
  };
};

describe('a page of which most rows differ', () => {
  it('is read again at five looks, and what stood still is confirmed', async () => {
    const { bench, counts, ms } = await run(DENSE);
    expect(bench.found()).toEqual(differing.map((key) => `neq ${key}`));
    expect(counts).toMatchObject({ candidates: differing.length, neq: differing.length, unstable: 0 });
    expect(bench.base.reads).toBe(1 + 5);
    expect(bench.target.reads).toBe(1 + 5);
    expect(ms).toBeGreaterThanOrEqual(5000);
  });

  it.each([700, 2500, 4900])('of which one row has converged after %d ms', async (atMs) => {
    const { bench, counts } = await run(
      DENSE,
      once(atMs, (live) => void live.target.rows.set('1004', 'v1004')),
    );
    expect(bench.found()).toEqual(differing.filter((key) => key !== '1004').map((key) => `neq ${key}`));
    expect(counts).toMatchObject({ converged: 1, neq: differing.length - 1 });
    expect(bench.convergence.slowestMs).toBeGreaterThan(0);
  });

  it('of which a row is gone on both sides, one on one side, and one has become another', async () => {
    const { bench, counts } = await run(
      DENSE,
      once(2500, ({ base: one, target: other }) => {
        for (const side of [one, other]) side.rows.delete('1006');
        other.rows.delete('1008');
        one.rows.set('1010', 'new');
      }),
    );
    expect(counts).toMatchObject({
      candidates: differing.length,
      converged: 1,
      targetMissing: 1,
      unstable: 0,
    });
    expect(bench.found()).toContain('target_missing 1008');
    expect(bench.found()).toContain('neq 1010');
    expect(bench.found()).not.toContain('neq 1006');
  });

  it.each([
    ['kept changing until then', (ms: number) => `at ${Math.min(ms, 4500)}`, 4500],
    ['was another one for a while', (ms: number) => (ms > 1500 && ms < 3000 ? 'odd' : 'other'), 3000],
  ])('of which a row that %s must stand still anew', async (_, valueAt, untilMs) => {
    const { bench, ms } = await run(DENSE, (live, now) => {
      live.target.rows.set('1004', valueAt(now));
    });
    expect(bench.found()).toContain('neq 1004');
    expect(ms).toBeGreaterThanOrEqual(untilMs + 4000);
  });

  it('of which a row that changes before what would be its last look must stand still anew', async () => {
    const { ms: endMs } = await run(DENSE);
    const { bench, ms } = await run(DENSE, (live, now) => {
      if (now >= endMs) live.target.rows.set('1004', 'late');
    });
    expect(bench.found()).toContain('neq 1004');
    expect(ms).toBeGreaterThanOrEqual(endMs + 4000);
  });

  it('whose range has more rows than are read at once is looked at row by row', async () => {
    const { bench, counts } = await run(
      DENSE,
      once(1000, (live) => {
        for (let i = 0; i < 2 * COUNT; i += 1) live.base.rows.set(`1100.${i}`, 'new');
      }),
    );
    expect(bench.found()).toEqual(differing.map((key) => `neq ${key}`));
    expect(counts.candidates).toBe(differing.length);
  });

  it('of rows that only one side has', async () => {
    const { bench } = await run({ ...DENSE, target: base.filter(([key]) => !differing.includes(key)) });
    expect(bench.found()).toEqual(differing.map((key) => `target_missing ${key}`));
    expect(bench.base.reads).toBe(1 + 5);
  });

  it('whatever happens to its rows for a while, it ends as if each had been looked at by itself', async () => {
    const change = fc.record({
      // Before the first row can have stood still for long enough.
      atMs: fc.integer({ min: 1, max: 4900 }),
      place: fc.nat(COUNT - 1),
      what: fc.constantFrom('equal', 'new', 'gone here', 'gone there', 'gone'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
        const live = (): Live => {
          const left = changes.toSorted((a, b) => a.atMs - b.atMs);
          return (bench, ms) => {
            for (let next = left[0]; next && next.atMs <= ms; next = left[0]) {
              left.shift();
              const key = keys[next.place] as string;
              const { base: one, target: other } = bench;
              if (next.what === 'equal') for (const side of [one, other]) side.rows.set(key, 'same');
              if (next.what === 'new') other.rows.set(key, `at ${next.atMs}`);
              if (next.what === 'gone here' || next.what === 'gone') one.rows.delete(key);
              if (next.what === 'gone there' || next.what === 'gone') other.rows.delete(key);
            }
          };
        };
        const ended = await Promise.all(
          (['decimal', 'text'] as const).map(async (keyKind) => {
            const { bench, counts } = await run({ ...DENSE, keyKind }, live());
            return { found: bench.found(), converged: counts.converged };
          }),
        );
        expect(ended[0]).toEqual(ended[1]);
      }),
      { numRuns: 20 },
    );
  });
});
