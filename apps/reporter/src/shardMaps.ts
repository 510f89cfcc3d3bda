/** Maps of runs, shared by those who look at them. */
import type { Clock, ShardMap } from '@rowparity/contracts';
import { type ShardMapDeps, shardMapOf } from '@rowparity/core';
import { SharedReads } from './sharedReads.ts';

const FRESH_MS = 3000;

export class ShardMaps {
  readonly #deps: ShardMapDeps;
  readonly #shared: SharedReads<ShardMap>;

  constructor(deps: ShardMapDeps, clock: Clock) {
    this.#deps = deps;
    this.#shared = new SharedReads({ ledger: deps.ledger, clock, freshMs: FRESH_MS });
  }

  /** Undefined for an unknown run. */
  map(runId: string, cells: number | undefined): Promise<ShardMap | undefined> {
    const read = (now: number) => shardMapOf(runId, { ...this.#deps, cells }, now);
    return this.#shared.ofRun(runId, `${cells ?? ''}`, read);
  }
}
