/**
 * Readings of runs that cost more than a few commands, such as a map, which reads every shard. Viewers share them: one
 * is read at a time, and of an open run again only when some time has passed. So reading takes a small part of the
 * store's time, however many look on.
 */
import type { Clock } from '@rowparity/contracts';
import type { LedgerReadings } from '@rowparity/core';

/** Some hundred kilobytes each, at most. */
const KEPT_MAX = 16;
/** Reading takes at most a twentieth of the time. */
const REST_SHARE = 20;

export interface SharedReadsDeps {
  readonly ledger: Pick<LedgerReadings, 'getRun'>;
  readonly clock: Pick<Clock, 'now'>;
  /** An open run is read again after this time at the earliest. */
  readonly freshMs: number;
}

interface Kept<T> {
  readonly found: Promise<T | undefined>;
  /** Another one is read from then on. */
  freshUntil: number;
}

export class SharedReads<T> {
  readonly #deps: SharedReadsDeps;
  readonly #kept = new Map<string, Kept<T>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: SharedReadsDeps) {
    this.#deps = deps;
  }

  /** `asked`: what distinguishes two questions about one run. Undefined for an unknown run. */
  async ofRun(
    runId: string,
    asked: string,
    read: (now: number) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const { ledger, clock } = this.#deps;
    const header = await ledger.getRun(runId);
    if (!header) return undefined;
    // A run that was deleted and ordered again is another one.
    const name = `${runId} ${header.createdAt} ${header.settledAt ?? 'open'} ${asked}`;
    const known = this.#kept.get(name);
    if (known && clock.now() < known.freshUntil) return known.found;
    return this.#read(name, header.state !== 'settled', read);
  }

  #read(name: string, isOpen: boolean, read: (now: number) => Promise<T | undefined>) {
    const kept: Kept<T> = { found: this.#next(() => this.#timed(kept, isOpen, read)), freshUntil: Infinity };
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    kept.found.catch(() => this.#kept.delete(name));
    return kept.found;
  }

  async #timed(kept: Kept<T>, isOpen: boolean, read: (now: number) => Promise<T | undefined>) {
    const { clock, freshMs } = this.#deps;
    const begin = clock.now();
    const found = await read(begin);
    const end = clock.now();
    if (isOpen || found === undefined) kept.freshUntil = end + Math.max(freshMs, REST_SHARE * (end - begin));
    return found;
  }

  #next<R>(read: () => Promise<R>): Promise<R> {
    const own = this.#last.then(read, read);
    this.#last = own;
    return own;
  }
}
