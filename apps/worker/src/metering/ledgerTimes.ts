/** The ledger's writes under a hold, with their times, and what they tell of shards and rows once they are written. */
import type { FinishInput, Progress, ShardHolds } from '@rowparity/core';
import { Counter, Histogram, type Registry } from '@rowparity/runtime';

/** A commit in Lua takes well under a millisecond; ten seconds are the limit of the connection. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** From the first look to the longest wait of a recheck policy. */
const FOLLOWED_SECONDS = [1, 5, 10, 30, 60, 120, 300, 600, 1800];

type Write = keyof ShardHolds;

export class LedgerTimes {
  readonly #seconds: Histogram<'write'>;
  readonly #refused: Counter<'write' | 'reason'>;
  readonly #inconclusive: Counter<'code'>;
  readonly #followed: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#seconds = new Histogram({
      ...{ name: 'rowparity_ledger_write_seconds', labelNames: ['write'], buckets: SECONDS, registers },
      help: 'Time of a write to the ledger',
    });
    this.#refused = new Counter({
      ...{ name: 'rowparity_ledger_refused_total', labelNames: ['write', 'reason'], registers },
      help: 'Writes that the ledger refused: a later attempt holds the shard (fenced), or the run is over',
    });
    this.#inconclusive = new Counter({
      ...{ name: 'rowparity_shards_inconclusive_total', labelNames: ['code'], registers },
      help: 'Shards that ended inconclusive, by the code of their failure',
    });
    this.#followed = new Histogram({
      ...{ name: 'rowparity_unstable_followed_seconds', buckets: FOLLOWED_SECONDS, registers },
      help: 'How long rows were followed that stayed unstable; the first ones of each commit',
    });
  }

  timed(ledger: ShardHolds): ShardHolds {
    return {
      claim: (claim) => this.#time('claim', () => ledger.claim(claim)),
      commit: async (hold, progress, now) =>
        this.#told(progress, await this.#time('commit', () => ledger.commit(hold, progress, now))),
      finish: async (hold, end, now) =>
        this.#told(end, await this.#time('finish', () => ledger.finish(hold, end, now))),
      split: (hold, cuts) => this.#time('split', () => ledger.split(hold, cuts)),
      release: (hold) => this.#time('release', () => ledger.release(hold)),
    };
  }

  async #time<T extends { readonly kind: string }>(write: Write, step: () => Promise<T>): Promise<T> {
    const beginMs = performance.now();
    try {
      const written = await step();
      if (written.kind === 'fenced' || (written.kind === 'over' && write !== 'claim')) {
        this.#refused.inc({ write, reason: written.kind });
      }
      return written;
    } finally {
      this.#seconds.observe({ write }, (performance.now() - beginMs) / 1000);
    }
  }

  #told<T extends { readonly kind: string }>(progress: Progress | FinishInput, written: T): T {
    if (written.kind !== 'written') return written;
    for (const { ageMs } of progress.unstable ?? []) this.#followed.observe(ageMs / 1000);
    if ('failure' in progress && progress.failure) this.#inconclusive.inc({ code: progress.failure.code });
    return written;
  }
}
