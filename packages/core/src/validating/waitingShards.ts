/**
 * The shards of one process that have read their rows and only wait for candidates. They hold no slot and no session;
 * what they do hold, memory, is bounded here.
 */

/** A few minutes of work wait at most, beside the shards that read. */
const SHARDS_MAX = 64;
/** Of the candidates of all waiting shards. */
const BYTES_MAX = 16 * 1024 * 1024;

/** Shards that look at their candidates at once, beside those that read. */
const AWAKE_MAX = 2;

export class WaitingShards {
  #shards = 0;
  #bytes = 0;
  #awake = 0;
  readonly #turns: (() => void)[] = [];

  /** Resolves when the shard may look at its candidates, with what must be called when it has done so. */
  async turn(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#awake >= AWAKE_MAX) await this.#itsTurn(signal);
    else this.#awake += 1;
    // The next one takes the place of this one.
    return once(() => {
      const next = this.#turns.shift();
      if (next) next();
      else this.#awake -= 1;
    });
  }

  #itsTurn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        this.#turns.splice(this.#turns.indexOf(go), 1);
        reject(signal.reason);
      };
      this.#turns.push(go);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

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

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}
