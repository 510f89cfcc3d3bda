/**
 * The shards of one process that have read their rows and only wait for candidates. They hold no slot and no session;
 * what they do hold, memory, is bounded here.
 */

/** A few minutes of work wait at most, beside the shards that read. */
const SHARDS_MAX = 64;
/** Of the candidates of all waiting shards. */
const BYTES_MAX = 32 * 1024 * 1024;

export class WaitingShards {
  #shards = 0;
  #bytes = 0;

  /** Undefined when too many wait: the shard keeps its slot. Else what must be called when it waits no more. */
  tryEnter(bytes: number): (() => void) | undefined {
    if (this.#shards >= SHARDS_MAX || this.#bytes + bytes > BYTES_MAX) return undefined;
    this.#shards += 1;
    this.#bytes += bytes;
    return () => {
      this.#shards -= 1;
      this.#bytes -= bytes;
    };
  }
}
