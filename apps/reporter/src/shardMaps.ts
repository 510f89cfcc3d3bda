/**
 * Maps of runs. A map reads every shard, so viewers share them: one is read at a time, and of an open run again only
 * when some time has passed. So reading takes a small part of the store's time, however many look on.
 */
import type { Clock, ShardMap } from '@rowparity/contracts';
import { type ShardMapDeps, shardMapOf } from '@rowparity/core';

/** A map of some thousand cells is some hundred kilobytes. */
const MAPS_MAX = 16;
const FRESH_MS = 3000;
/** Reading takes at most a twentieth of the time. */
const REST_SHARE = 20;

interface Kept {
  readonly map: Promise<ShardMap | undefined>;
  /** Another one is read from then on. */
  freshUntil: number;
}

export class ShardMaps {
  readonly #deps: ShardMapDeps;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: ShardMapDeps, clock: Clock) {
    this.#deps = deps;
    this.#clock = clock;
  }

  /** Undefined for an unknown run. */
  async map(runId: string, cells: number | undefined): Promise<ShardMap | undefined> {
    const header = await this.#deps.ledger.getRun(runId);
    if (!header) return undefined;
    // A run that was deleted and ordered again is another one.
    const name = `${runId} ${header.createdAt} ${header.settledAt ?? 'open'} ${cells ?? ''}`;
    const known = this.#kept.get(name);
    if (known && this.#clock.now() < known.freshUntil) return known.map;
    return this.#read(name, { runId, cells, isOpen: header.state !== 'settled' });
  }

  #read(name: string, asked: { runId: string; cells: number | undefined; isOpen: boolean }) {
    const kept: Kept = { map: this.#next(() => this.#timed(asked, kept)), freshUntil: Infinity };
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAPS_MAX && oldest !== undefined) this.#kept.delete(oldest);
    kept.map.catch(() => this.#kept.delete(name));
    return kept.map;
  }

  async #timed(
    { runId, cells, isOpen }: { runId: string; cells: number | undefined; isOpen: boolean },
    kept: Kept,
  ) {
    const begin = this.#clock.now();
    const map = await shardMapOf(runId, { ...this.#deps, cells }, begin);
    const end = this.#clock.now();
    if (isOpen || !map) kept.freshUntil = end + Math.max(FRESH_MS, REST_SHARE * (end - begin));
    return map;
  }

  #next<T>(read: () => Promise<T>): Promise<T> {
    const own = this.#last.then(read, read);
    this.#last = own;
    return own;
  }
}
