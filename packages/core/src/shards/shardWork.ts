/** What validating one shard is given: the work, and the ports to do it through. */
import type { Clock, Counts, KeyRange, KeyTuple, RunSpec } from '@rowparity/contracts';
import type { EventSink } from '../ports/eventSink.ts';
import type { Progress, WriteResult } from '../ports/ledger.ts';
import type { MultisetReader } from '../ports/multisetReader.ts';
import type { RowReader } from '../ports/rowSource.ts';
import type { Replication } from '../positions/fence.ts';
import type { Sides } from '../sides/sides.ts';
import type { ConvergenceTimes } from './convergenceTimes.ts';
import type { EventContext } from './eventOf.ts';

export type RecheckInput = Omit<RunSpec['recheck'], 'delaysMs'> & {
  readonly delaysMs?: readonly number[] | undefined;
};

export interface ShardWork {
  readonly context: EventContext;
  readonly shard: number;
  readonly range: KeyRange;
  readonly checkpoint: KeyTuple | null;
  /** Counts that earlier attempts committed. */
  readonly counts: Counts;
  readonly policy: Pick<RunSpec, 'shard' | 'strategy'> & { readonly recheck: RecheckInput };
}

export interface ShardPorts {
  readonly pages: Sides<RowReader>;
  readonly points: Sides<RowReader>;
  /** In place of pages and points where the plan compares multisets. */
  readonly multisets?: Sides<MultisetReader> | undefined;
  readonly sink: EventSink;
  readonly clock: Clock;
  readonly convergence: ConvergenceTimes;
  /** Absent where no side replicates from the other, as far as can be told. */
  readonly replication?: Replication | undefined;
  commit(progress: Progress): Promise<WriteResult>;
  /** Makes the range end at the first cut and new shards of what lies behind. Absent: the shard stays whole. */
  split?(cuts: readonly KeyTuple[]): Promise<WriteResult>;
}
