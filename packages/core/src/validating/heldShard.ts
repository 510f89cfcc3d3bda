/** A shard that is held: what is written to the ledger under its claim, each write on top of the one before. */
import { type Clock, type Counts, failureOf, type KeyTuple, zeroCounts } from '@rowparity/contracts';
import type { HeldWriteResult, Hold, Progress, ShardHolds, WriteResult } from '../ports/ledger.ts';
import type { ShardEnd } from '../shards/shardOutcome.ts';

export interface HeldShardParts {
  readonly ledger: ShardHolds;
  readonly clock: Clock;
  onCommit?(add: Counts): void;
  /** So many shards were made of the rest of one that was too large. */
  onSplit?(hold: Hold, shards: number): void;
}

export class HeldShard {
  #hold: Hold;
  readonly #parts: HeldShardParts;

  constructor(hold: Hold, parts: HeldShardParts) {
    this.#hold = hold;
    this.#parts = parts;
  }

  get runId(): string {
    return this.#hold.runId;
  }

  async commit(progress: Progress): Promise<WriteResult> {
    const { ledger, clock, onCommit } = this.#parts;
    const written = this.#keep(await ledger.commit(this.#hold, progress, clock.now()));
    if (written.kind === 'written') onCommit?.(progress.add);
    return written;
  }

  async split(cuts: readonly KeyTuple[]): Promise<WriteResult> {
    const written = this.#keep(await this.#parts.ledger.split(this.#hold, cuts));
    if (written.kind === 'written') this.#parts.onSplit?.(this.#hold, cuts.length);
    return written;
  }

  async finish({ outcome, failure, rest }: Omit<Extract<ShardEnd, { kind: 'ended' }>, 'kind'>) {
    const { ledger, clock, onCommit } = this.#parts;
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
    return this.#parts.ledger.release(this.#hold);
  }

  #keep(written: HeldWriteResult): HeldWriteResult {
    if (written.kind === 'written') this.#hold = written.hold;
    return written;
  }
}
