/** A held shard: the writes to the ledger under its claim. Each write builds on the one before. */
import { type Clock, type Counts, failureOf, type KeyTuple, zeroCounts } from '@rowparity/contracts';
import type { HeldWriteResult, Hold, Progress, ShardHolds, WriteResult } from '../ports/ledger.ts';
import type { ShardEnd } from '../shards/shardOutcome.ts';

export interface HeldShardDeps {
  readonly ledger: ShardHolds;
  readonly clock: Clock;
  onCommit?(add: Counts): void;
  /** Reports how many shards were made from the rest of a shard that was too large. */
  onSplit?(hold: Hold, shards: number): void;
}

export class HeldShard {
  #hold: Hold;
  readonly #deps: HeldShardDeps;

  constructor(hold: Hold, deps: HeldShardDeps) {
    this.#hold = hold;
    this.#deps = deps;
  }

  get runId(): string {
    return this.#hold.runId;
  }

  async commit(progress: Progress): Promise<WriteResult> {
    const { ledger, clock, onCommit } = this.#deps;
    const written = this.#keep(await ledger.commit(this.#hold, progress, clock.now()));
    if (written.kind === 'written') onCommit?.(progress.add);
    return written;
  }

  async split(cuts: readonly KeyTuple[]): Promise<WriteResult> {
    const written = this.#keep(await this.#deps.ledger.split(this.#hold, cuts));
    if (written.kind === 'written') this.#deps.onSplit?.(this.#hold, cuts.length);
    return written;
  }

  async finish({ outcome, failure, rest }: Omit<Extract<ShardEnd, { kind: 'ended' }>, 'kind'>) {
    const { ledger, clock, onCommit } = this.#deps;
    const end = { ...rest, outcome, failure };
    const written = await ledger.finish(this.#hold, end, clock.now());
    if (written.kind === 'written') onCommit?.(rest.add);
    return written;
  }

  /** Ends the shard inconclusive: its last commit stands. */
  giveUp(error: unknown): Promise<WriteResult> {
    const rest: Progress = { checkpoint: null, add: zeroCounts() };
    return this.finish({ outcome: 'inconclusive', failure: failureOf(error), rest });
  }

  release(): Promise<WriteResult> {
    return this.#deps.ledger.release(this.#hold);
  }

  #keep(written: HeldWriteResult): HeldWriteResult {
    if (written.kind === 'written') this.#hold = written.hold;
    return written;
  }
}
