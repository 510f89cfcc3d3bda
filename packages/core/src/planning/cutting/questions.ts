/**
 * How many estimates the cutting of one table may ask for. A server may answer the same number for every range (a
 * hash index, missing statistics), and splitting would never end. When the questions are used up, estimates are not
 * used any more. A piece that stays too large is divided while it is compared, by its actual rows.
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
