// Ids as an AUTO_INCREMENT column has them after some deletions: ascending, with holes at known places. An id that
// ends in 7 is never used, so that a stranger among them needs no look at the table.

const HOLE = 7;
const USED_OF_TEN = [0, 1, 2, 3, 4, 5, 6, 8, 9] as const;

/** The id number `index` (from 0) counted from `first`, which ends in 0. */
export function sparseId(first: number, index: number): number {
  const inTen = USED_OF_TEN[index % USED_OF_TEN.length] ?? 0;
  return first + Math.floor(index / USED_OF_TEN.length) * 10 + inTen;
}

/** An unused id that lies among the first `count` ids. */
export function holeAmong(first: number, count: number, draw: (low: number, high: number) => number): number {
  const tensFull = Math.floor(count / USED_OF_TEN.length);
  return first + draw(0, Math.max(0, tensFull - 1)) * 10 + HOLE;
}
