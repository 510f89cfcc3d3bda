/** Plans: written once, in order and without gaps, then taken shard by shard. */
import type {
  Failure,
  KnownDifference,
  Outcome,
  PlannedShard,
  RunPlan,
  ShardRecord,
} from '@rowparity/contracts';

/** One making of a run's plan. The next one fences it, as a later attempt fences a hold. */
export interface Planning {
  readonly runId: string;
  /** No other planning ever has it: not even one that begins after the store forgot this one. */
  readonly name: string;
}

export type PlanWriteResult =
  | { readonly kind: 'written' }
  /** A later planning has begun: the planner must let go, nothing was written. */
  | { readonly kind: 'fenced' }
  /** The run is planned or settled already: nothing was written. */
  | { readonly kind: 'over' };

export interface CompletePlanInput extends Readonly<RunPlan> {
  readonly now: number;
}

/** Its table and range are those of the plan. */
export type InheritedShard = Omit<ShardRecord, 'table' | 'range' | 'state' | 'holder'> & {
  readonly outcome: Outcome;
  readonly inheritedFrom: string;
};

export interface PlanStore {
  /** `accepted` or `planning` → `planning`; drops what an earlier, unfinished planning wrote, and fences it. */
  beginPlanning(runId: string): Promise<Planning>;
  /**
   * Adds planned shards; ranges of one run come in the order of their index, in one or many calls. Refuses a range
   * that does not begin where its forerunner of the same table ended: a plan with a gap cannot be written (law 2).
   * Shards that hold keys come before all ranges.
   */
  addShards(planning: Planning, shards: readonly PlannedShard[]): Promise<PlanWriteResult>;
  /**
   * Takes over what these shards of the plan came to in an earlier run: they are done, with counts, outcome, failure
   * and times as they are given, and the totals count them. They must be in the plan. A shard that is done stays.
   */
  inheritShards(planning: Planning, shards: readonly InheritedShard[]): Promise<PlanWriteResult>;
  /**
   * Takes over known differences of another run, as they are given, without a limit. A row that is there is replaced.
   */
  carryKnown(planning: Planning, rows: readonly KnownDifference[]): Promise<PlanWriteResult>;
  /**
   * `planning` → `running`: the plan is complete, and readable under the name of this planning. A run that is not
   * `planning` is left alone.
   */
  completePlan(planning: Planning, plan: CompletePlanInput): Promise<PlanWriteResult>;
  /** `planning` → `settled`, inconclusive: there can be no plan. A run that is not `planning` is left alone. */
  refusePlan(planning: Planning, failure: Failure, now: number): Promise<PlanWriteResult>;
  /**
   * Takes shards from the plan in order until `window` of them are open (taken and not done), and returns the ones
   * taken now. No range is taken before every shard that holds keys is done.
   */
  openShards(runId: string, window: number): Promise<readonly number[]>;
}
