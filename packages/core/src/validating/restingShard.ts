/**
 * A shard that has read its rows and only waits for candidates: it gives its slot to another shard, and its sessions
 * back between two looks.
 */
import type { RowReader } from '../ports/rowSource.ts';
import type { Resting } from '../shards/shardWork.ts';
import type { WaitingShards } from './waitingShards.ts';

/** One of the shards that a process works on at once. */
export interface Slot {
  /** The process may take another shard. False: this one was handed back or lost meanwhile. */
  giveBack(): Promise<boolean>;
}

export interface RestingShardDeps {
  readonly slot: Slot;
  readonly waiting: WaitingShards;
  readonly readers: readonly Pick<RowReader, 'close'>[];
  /** Takes the sessions of both servers again. */
  wake(signal: AbortSignal): Promise<void>;
}

export class RestingShard implements Resting {
  readonly #deps: RestingShardDeps;
  #leave: (() => void) | undefined;
  #endTurn: (() => void) | undefined;

  constructor(deps: RestingShardDeps) {
    this.#deps = deps;
  }

  async begin(bytes: number): Promise<boolean> {
    const leave = this.#deps.waiting.tryEnter(bytes);
    if (!leave) return false;
    if (!(await this.#deps.slot.giveBack().catch(leaveAndThrow(leave)))) {
      leave();
      return false;
    }
    this.#leave = leave;
    return true;
  }

  /** Throws when the rows that a reader read prove nothing. */
  async rest(): Promise<void> {
    await Promise.all(this.#deps.readers.map((reader) => reader.close()));
    this.#endTurn?.();
  }

  async wake(signal: AbortSignal): Promise<void> {
    this.#endTurn = await this.#deps.waiting.turn(signal);
    await this.#deps.wake(signal);
  }

  end(): void {
    this.#endTurn?.();
    this.#leave?.();
    this.#leave = undefined;
  }
}

/** The slot, which takes its shard out of the quarantine when it is given back: a suspect shard is alone without it. */
export function leavingSlot(slot: Slot, leave: () => void): Slot {
  return {
    async giveBack() {
      const isGiven = await slot.giveBack();
      if (isGiven) leave();
      return isGiven;
    },
  };
}

function leaveAndThrow(leave: () => void): (error: unknown) => never {
  return (error) => {
    leave();
    throw error;
  };
}
