// A small random source that gives the same numbers for the same seed on every machine. Never for secrets.
// Algorithm: sfc32 (Chris Doty-Humphrey, PractRand), its state filled from the seed by splitmix32.

export interface SeededRandom {
  /** 32 random bits as an unsigned integer. */
  bits32(): number;
  /** In [0, 1). */
  fraction(): number;
  /** An integer in [low, high], both included; the range must be at most 2^32 wide. */
  int(low: number, high: number): number;
  /** An integer in [low, high], both included, of any width up to 2^64. */
  bigint(low: bigint, high: bigint): bigint;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** Lower-case hex of this many random bytes. */
  hex(bytes: number): string;
}

const TWO_32 = 2 ** 32;
// The first outputs still resemble the seed; this many are what the algorithm's author discards.
const WARM_UP_ROUNDS = 12;

export function seededRandom(seed: number): SeededRandom {
  const bits32 = sfc32(seed);
  const fraction = () => bits32() / TWO_32;
  const int = (low: number, high: number) => {
    if (!(low <= high)) throw new RangeError(`int: ${low} is above ${high}`);
    return low + Math.floor(fraction() * (high - low + 1));
  };
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('pick: there is nothing to pick from');
    return items[int(0, items.length - 1)] as T;
  };
  const bigint = (low: bigint, high: bigint) => {
    if (low > high) throw new RangeError(`bigint: ${low} is above ${high}`);
    const bits = (BigInt(bits32()) << 32n) | BigInt(bits32());
    return low + ((bits * (high - low + 1n)) >> 64n);
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = int(0, last);
      [result[last], result[other]] = [result[other] as T, result[last] as T];
    }
    return result;
  };
  const hex = (bytes: number) => {
    let text = '';
    while (text.length < bytes * 2) text += bits32().toString(16).padStart(8, '0');
    return text.slice(0, bytes * 2);
  };
  return {
    bits32,
    fraction,
    int,
    bigint,
    pick,
    shuffle,
    hex,
    chance: (probability) => fraction() < probability,
  };
}

function sfc32(seed: number): () => number {
  const state = splitmix32(seed);
  let [a, b, c, counter] = [state(), state(), state(), 1];
  const next = () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) next();
  return next;
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
}
