import { expect, it } from 'vitest';
import { distanceMs } from './workShard.ts';

it('the first attempts begin at once', () => {
  expect(distanceMs({ shard: 3, attempt: 1 }, 1)).toBe(0);
  expect(distanceMs({ shard: 3, attempt: 2 }, 2)).toBe(0);
});

it('of two shards with as many strikes, each begins well before the other now and then', () => {
  for (const [a, b] of [
    [0, 1],
    [7, 8],
    [1000, 31],
  ] as const) {
    const leads = [3, 4, 5, 6, 7, 8, 9, 10].map(
      (strikes) =>
        distanceMs({ shard: a, attempt: strikes }, strikes) -
        distanceMs({ shard: b, attempt: strikes }, strikes),
    );
    expect(Math.max(...leads)).toBeGreaterThan(500);
    expect(Math.min(...leads)).toBeLessThan(-500);
  }
});

it('the distance has a limit', () => {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    expect(distanceMs({ shard: attempt * 7, attempt }, 10)).toBeLessThan(6000);
  }
});
