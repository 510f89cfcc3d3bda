/**
 * Detects that a shard is too large or too slow, and splits its rest into new shards, so that no run waits for one
 * worker at its end. The rows that are already read stay with the shard.
 */
import type { Clock, KeyRange, KeyTuple } from '@rowparity/contracts';
import type { RowReader } from '../ports/rowSource.ts';
import type { ShardDeps, ShardWork } from '../shards/shardWork.ts';
import { SIDES, type Sides } from '../sides/sides.ts';
import { cutRest } from './cutRest.ts';

/** A shard with more rows than this many times the wanted ones is too large; plans stay within three times. */
const ROWS_FACTOR = 4;
/** A shard that takes longer is too slow, also with few rows. */
const LONG_MS = 60_000;
/** Fewer rows are not worth a shard, even if they are slow, unless the spec wants fewer. */
const PIECE_ROWS_MIN = 1000;

export interface OverrunDeps {
  readonly ports: Pick<ShardDeps, 'points' | 'split'>;
  readonly clock: Pick<Clock, 'steadyNow'>;
  readonly signal: AbortSignal;
}

export class Overrun {
  readonly #work: ShardWork;
  readonly #deps: OverrunDeps;
  #rows: { base: number; target: number } = { base: 0, target: 0 };
  #sinceMs: number;

  constructor(work: ShardWork, deps: OverrunDeps) {
    this.#work = work;
    this.#deps = deps;
    this.#sinceMs = deps.clock.steadyNow();
  }

  read(rows: Sides<number>): void {
    for (const side of SIDES) this.#rows[side] += rows[side];
  }

  get isDue(): boolean {
    if (!this.#deps.ports.split) return false;
    const isLarge = this.#read > ROWS_FACTOR * this.#work.policy.shard.rows;
    return isLarge || this.#deps.clock.steadyNow() - this.#sinceMs > LONG_MS;
  }

  /**
   * `kept`: too little is left to be divided. `given`: the shard ends at `upTo`. `lost`: so is the hold on the shard.
   * Asks again only after as much work as before.
   */
  async releaseRest(upTo: KeyTuple | null): Promise<'kept' | 'given' | 'lost'> {
    const { split } = this.#deps.ports;
    const cuts = upTo && split ? await this.#cuts(upTo) : [];
    this.#rows = { base: 0, target: 0 };
    this.#sinceMs = this.#deps.clock.steadyNow();
    if (!upTo || !split || cuts.length === 0) return 'kept';
    const { kind } = await split([upTo, ...cuts]);
    return kind === 'written' ? 'given' : 'lost';
  }

  get #read(): number {
    return Math.max(this.#rows.base, this.#rows.target);
  }

  #cuts(after: KeyTuple): Promise<readonly KeyTuple[]> {
    const { ports, signal } = this.#deps;
    const { policy, range, context } = this.#work;
    const { base, target } = ports.points;
    // Rows are counted where there are more of them.
    const larger: RowReader = this.#rows.target > this.#rows.base ? target : base;
    return cutRest({
      range: { after, upTo: range.upTo },
      kind: context.plan.key[0]?.kind ?? 'text',
      wantedRows: Math.min(policy.shard.rows, Math.max(this.#read, PIECE_ROWS_MIN)),
      keyBehind: async (rest, rows) => (await larger.keysBehind(rest, { rows, keys: 1 }, signal))[0],
      lastKeys: async (rest: KeyRange) => {
        const keys = await Promise.all([base, target].map((reader) => reader.lastKey(rest, signal)));
        return keys.filter((key) => key !== undefined);
      },
    });
  }
}
