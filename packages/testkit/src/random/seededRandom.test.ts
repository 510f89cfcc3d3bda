import { describe, expect, test } from 'vitest';
import { seededRandom } from './seededRandom.ts';

const DRAWS = 2_000;

describe('seededRandom', () => {
  test('the same seed gives the same numbers, on every machine', () => {
    const random = seededRandom(42);
    expect([random.bits32(), random.bits32(), random.bits32()]).toEqual([1959603763, 2423114712, 2466933512]);
  });

  test('neighbouring seeds have nothing in common', () => {
    const [one, two] = [seededRandom(1), seededRandom(2)];
    const equal = Array.from({ length: DRAWS }, () => one.bits32() === two.bits32()).filter(Boolean);
    expect(equal.length).toBeLessThan(3);
  });

  test('int reaches both ends of its range and never leaves it', () => {
    const random = seededRandom(3);
    const drawn = new Set(Array.from({ length: DRAWS }, () => random.int(-2, 2)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });

  test('bigint keeps every digit of the signed 64-bit range', () => {
    const random = seededRandom(4);
    const [low, high] = [-(2n ** 63n), 2n ** 63n - 1n];
    const drawn = Array.from({ length: DRAWS }, () => random.bigint(low, high));
    expect(drawn.every((value) => value >= low && value <= high)).toBe(true);
    expect(drawn.some((value) => value !== BigInt(Number(value)))).toBe(true);
    expect(random.bigint(high, high)).toBe(high);
  });

  test('shuffle loses nothing and leaves its input alone', () => {
    const input = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = seededRandom(5).shuffle(input);
    expect(shuffled).not.toEqual(input);
    expect([...shuffled].sort()).toEqual(input);
  });

  test('hex has two digits a byte', () => {
    const random = seededRandom(6);
    for (const bytes of [0, 1, 3, 8, 16])
      expect(random.hex(bytes)).toMatch(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
  });
});
