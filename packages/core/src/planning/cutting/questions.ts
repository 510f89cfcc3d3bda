/**
 * How many estimates the cutting of one table may ask for. A server may answer the same number forevery range (a
 * hash index, statistics that are missing), and splitting would never end: when the questions are used up, estimates
 * are not believed. What stays too large is divided while it is compared, by the rows that are there.
 */
import type { KeyRange } from '@rowparity/contracts';

/** Gaps and skew of a 64-bit key cost about 8 questions a level of 21. */
const QUESTIONS_MIN = 256;
/** Even splits cost about 8/7 a shard; estimates that are too high cost more. */
const QUESTIONS_A_SHARD = 8;
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
