/** The life of a run: created once, cancelled by a mark, settled once, deleted after its retention. */
import type { Failure, RunHeader, RunSpec, TableChange, Verdict } from '@rowparity/contracts';

export type CreateRunResult =
  /** The run did not exist. */
  | { readonly kind: 'created' }
  /** The run exists with the same spec and generation. */
  | { readonly kind: 'same'; readonly run: RunHeader }
  /** The run exists with another spec or generation: refused. */
  | { readonly kind: 'different'; readonly run: RunHeader };

/** What a verdict on all shards was made of: read from the ledger, which may have forgotten some of it by now. */
export interface VerdictBasis {
  /** Tables that were found to be changed at the end. */
  readonly changed: readonly TableChange[];
  /** Shards with an outcome: all that there are. */
  readonly doneShards: number;
}

export interface SettleInput {
  readonly verdict: Verdict;
  readonly failure: Failure | null;
  readonly now: number;
  /** Left out, no table is said to be changed, and any number of shards may be done. */
  readonly basis?: VerdictBasis;
}

export interface RunOrder {
  /** Its place in a series of runs, from 1, which is the default. */
  readonly generation?: number;
  /** The span of the order, for the spans of the run; kept beside the run, and never compared with another order's. */
  readonly traceparent?: string | undefined;
}

export interface RunStore {
  /** Creates the run in state `accepted`, unless one of its id exists. */
  createRun(spec: RunSpec, now: number, order?: RunOrder): Promise<CreateRunResult>;
  /** Ids of the runs that are not settled. A store repairs its list of them here. */
  openRuns(): Promise<readonly string[]>;
  /**
   * Records the verdict once: → `settled`. Returns false when the run was settled before, or when not exactly those
   * shards are there and done that the verdict was made of: nothing was written.
   */
  settle(runId: string, end: SettleInput): Promise<boolean>;
  /** From now on every claim and write answers `over`. Returns false when there is nothing to cancel. */
  requestCancel(runId: string): Promise<boolean>;
  /**
   * From now on no shard of the run is claimed or opened; writes under a hold still pass. A run that is not planned yet
   * waits with its planning. Paused twice, the first time counts. Returns false when there is nothing to pause: the run
   * is unknown, cancelled or settled.
   */
  pause(runId: string, now: number): Promise<boolean>;
  /** Ends a pause. True for a run that is not paused, too; false as for `pause`. */
  resume(runId: string, now: number): Promise<boolean>;
  /**
   * Forgets a run that is settled or cannot be read, all of it; its id is free again. `open`: it is not settled, and
   * stays. `unknown`: there is none; what may be left of one is removed.
   */
  deleteRun(runId: string): Promise<'deleted' | 'open' | 'unknown'>;
}
