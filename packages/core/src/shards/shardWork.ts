/** The input and the dependencies of one shard's validation. */
import type { Clock, Counts, KeyRange, KeyTuple, RunSpec } from '@rowparity/contracts';
import type { ShardBudget } from '../budgeting/shardBudget.ts';
import type { ChangedKeysReader } from '../ports/changedKeys.ts';
import type { EventSink } from '../ports/eventSink.ts';
import type { Progress, WriteResult } from '../ports/ledger.ts';
import type { MultisetReader } from '../ports/multisetReader.ts';
import type { RowReader } from '../ports/rowSource.ts';
import type { Fencing } from '../positions/fencing.ts';
import type { Sides } from '../sides/sides.ts';
import type { RunConvergence } from './convergenceTimes.ts';
import type { EventInput } from './eventOf.ts';
import type { Following } from './following.ts';

export type RecheckInput = Omit<RunSpec['recheck'], 'delaysMs'> & {
  readonly delaysMs?: readonly number[] | undefined;
};

export interface ShardWork {
  readonly context: EventInput;
  readonly shard: number;
  readonly range: KeyRange;
  readonly checkpoint: KeyTuple | null;
  /** Counts that earlier attempts committed. */
  readonly counts: Counts;
  readonly policy: Pick<RunSpec, 'shard' | 'strategy' | 'known' | 'basedOn'> & {
    readonly recheck: RecheckInput;
    readonly events: Pick<RunSpec['events'], 'resolved'>;
  };
}

/** What a shard gives away while it only waits for candidates. */
export interface Resting {
  /** Gives the slot away; the shard holds about so many bytes. False: too much waits already, so it keeps its slot. */
  begin(bytes: number): Promise<boolean>;
  /** Gives the sessions back. Throws what closing a reader throws. */
  rest(): Promise<void>;
  /** Takes sessions again. */
  wake(signal: AbortSignal): Promise<void>;
}

export interface ShardDeps {
  readonly pages: Sides<RowReader>;
  readonly points: Sides<RowReader>;
  /** In place of pages and points where the plan compares multisets. */
  readonly multisets?: Sides<MultisetReader> | undefined;
  /** In place of pages where the plan compares what changed since a time. */
  readonly changed?: Sides<ChangedKeysReader> | undefined;
  readonly sink: EventSink;
  readonly clock: Clock;
  readonly convergence: RunConvergence;
  /** Absent where time alone judges. */
  readonly fencing?: Fencing | undefined;
  /** Of a run that follows another one. */
  readonly following?: Following | undefined;
  /** Absent: the shard keeps its slot to the end. */
  readonly resting?: Resting | undefined;
  /** Absent where neither server has a budget. */
  readonly budget?: ShardBudget | undefined;
  /** Whether the run still takes writes: asked before events are sent. */
  isWanted(): Promise<boolean>;
  commit(progress: Progress): Promise<WriteResult>;
  /** Ends the range at the first cut and makes new shards of the rest. Absent: the shard stays whole. */
  split?(cuts: readonly KeyTuple[]): Promise<WriteResult>;
}
