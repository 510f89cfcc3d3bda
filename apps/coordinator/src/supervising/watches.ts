/** Begins the generations of all watches, at intervals. One watch that cannot go on does not hold up the others. */
import { type Clock, isTransient } from '@rowparity/contracts';
import { advanceWatch, type LedgerReadings, type RunStore, type WatchStore } from '@rowparity/core';
import type { Log } from '@rowparity/runtime';

/** Between two looks: a generation takes seconds at least, and a look costs a read and one a watch. */
const LOOK_MS = 1000;
/** How often the same trouble is logged. */
const TELL_AGAIN_MS = 60_000;
const TOLD_MAX = 1000;

export interface WatchesDeps {
  readonly ledger: RunStore & LedgerReadings & WatchStore;
  readonly clock: Pick<Clock, 'now' | 'steadyNow'>;
  readonly log: Log;
}

export class Watches {
  readonly #deps: WatchesDeps;
  readonly #toldAtMs = new Map<string, number>();
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: WatchesDeps) {
    this.#deps = deps;
  }

  /** Throws what is transient: then the ledger does not answer. */
  async look(): Promise<void> {
    const { ledger, clock, log } = this.#deps;
    if (clock.steadyNow() - this.#lookedAtMs < LOOK_MS) return;
    this.#lookedAtMs = clock.steadyNow();
    for (const watch of await ledger.listWatches()) {
      const { watchId } = watch;
      try {
        const advanced = await advanceWatch(watch, { ledger, clock });
        if (advanced.kind === 'began') {
          const { runId, follows } = advanced;
          log.info({ watchId, runId, follows }, 'a generation begins');
        }
        if (advanced.kind === 'taken' && this.#isTold(watchId))
          log.error(
            { watchId, runId: advanced.runId },
            'a run of another spec has the id of the next generation',
          );
      } catch (error) {
        if (isTransient(error)) throw error;
        if (this.#isTold(watchId)) log.error({ watchId, err: error }, 'this watch cannot go on');
      }
    }
  }

  #isTold(watchId: string): boolean {
    const nowMs = this.#deps.clock.steadyNow();
    const last = this.#toldAtMs.get(watchId);
    if (last !== undefined && nowMs - last < TELL_AGAIN_MS) return false;
    if (this.#toldAtMs.size >= TOLD_MAX) this.#toldAtMs.clear();
    this.#toldAtMs.set(watchId, nowMs);
    return true;
  }
}
