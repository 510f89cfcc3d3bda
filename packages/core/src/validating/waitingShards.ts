/**
 * The shards of one process that have read their rows and only wait for candidates. They hold no slot and no session;
 * what they do hold, memory, is bounded here.
 */

/** A few minutes of work wait at most, beside the shards that read. */
const SHARDS_MAX = 64;
/** Of all waiting shards. Each candidate is a key and two digests. */
const CANDIDATES_MAX = 32_000;

export class WaitingShards {
  #shards = 0;
  #candidates = 0;

  /** Undefined when too many wait: the shard keeps its slot. Else what must be called when it waits no more. */
  tryEnter(candidates: number): (() => void) | undefined {
    if (this.#shards >= SHARDS_MAX || this.#candidates + candidates > CANDIDATES_MAX) return undefined;
    this.#shards += 1;
    this.#candidates += candidates;
    return () => {
      this.#shards -= 1;
      this.#candidates -= candidates;
    };
  }
}
