/**
 * Whether the ranges of one table pair are a chain from open to open, in which each begins where another ends. Such a
 * chain covers every key in every order of keys, so no collation is needed here: each key lies between two neighbours
 * among the ends (law 2). Indexes may come in any order.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';

const OPEN = '';

interface Link {
  readonly shard: number;
  readonly end: string;
}

export class Tiling {
  readonly #byStart = new Map<string, Link>();
  #overlap: string | undefined;

  add(shard: number, { after, upTo }: KeyRange): void {
    const start = textOf(after);
    const other = this.#byStart.get(start);
    if (other) {
      this.#overlap ??= `shards ${other.shard} and ${shard} overlap: both begin ${start ? `after ${start}` : 'open'}`;
      return;
    }
    this.#byStart.set(start, { shard, end: textOf(upTo) });
  }

  get isEmpty(): boolean {
    return this.#byStart.size === 0;
  }

  /** Describes the problem; undefined when the ranges tile everything. */
  problem(): string | undefined {
    if (this.#overlap) return this.#overlap;
    let next = this.#byStart.get(OPEN);
    if (!next) return 'no shard begins open, so the smallest keys were not compared';
    let passed = 1;
    for (; next.end !== OPEN; passed += 1) {
      const following = this.#byStart.get(next.end);
      if (!following)
        return `there is a gap behind shard ${next.shard}: no shard begins after ${next.end}, where it ends`;
      if (passed > this.#byStart.size) return `shard ${next.shard} leads back to a range before it`;
      next = following;
    }
    const outside = this.#byStart.size - passed;
    return outside === 0
      ? undefined
      : `${outside} shards overlap others: they are not in the chain from open to open`;
  }
}

function textOf(key: KeyTuple | null): string {
  return key ? JSON.stringify(key) : OPEN;
}
