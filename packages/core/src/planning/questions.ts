/**
 * How many estimates the cutting of one table may ask for, and when they are not to be believed. A server may answer
 * the same number whatever the range (a hash index, statistics that are missing); splitting would then never end. What
 * stays too large is divided while it is compared, by the rows that are there.
 */
import type { KeyRange } from '@rowparity/contracts';

/** Gaps and skew of a 64-bit key cost about 8 questions a level of 21. */
const QUESTIONS_MIN = 256;
/** Even splits cost about 8/7 a shard; estimates that are twice too high double that. */
const QUESTIONS_A_SHARD = 8;
/** The optimizer knows half of a table at most, so the parts of an honest whole may have twice its rows, and some more. */
const PARTS_MAX = 2.5;

export class Questions {
  readonly #ask: (range: KeyRange) => Promise<number>;
  #left: number;

  constructor(ask: (range: KeyRange) => Promise<number>, expected: { readonly shards: number }) {
    this.#ask = ask;
    this.#left = QUESTIONS_MIN + QUESTIONS_A_SHARD * expected.shards;
  }

  get areSpent(): boolean {
    return this.#left <= 0;
  }

  estimate(range: KeyRange): Promise<number> {
    this.#left -= 1;
    return this.#ask(range);
  }
}

/** Parts that have far more rows than the whole they are parts of: the estimates do not depend on the range. */
export function areSenseless(whole: { readonly rows: number }, parts: readonly { readonly rows: number }[]) {
  return parts.reduce((sum, { rows }) => sum + rows, 0) > PARTS_MAX * whole.rows;
}
