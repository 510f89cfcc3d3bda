/**
 * One shard from claim to outcome. The ledger decides whether there is anything to do. A fault that remains after
 * retries makes the shard inconclusive, never different and never equal (law 1). When the signal aborts, the shard is
 * released at its checkpoint; if another worker holds it by then, the ledger refuses the release.
 */
import {
  type Direction,
  Fault,
  type HostLimits,
  isOfLedger,
  type KeyTuple,
  type Outcome,
  type RunSpec,
  type ServerIdentity,
  type ShardRecord,
  type TablePlan,
  type TableRecord,
} from '@rowparity/contracts';
import { budgetedMultisets } from '../budgeting/budgetedReaders.ts';
import { budgetHosts } from '../budgeting/budgetHosts.ts';
import { ShardBudget } from '../budgeting/shardBudget.ts';
import { ThrottledTime } from '../budgeting/throttledTime.ts';
import { STEP_RETRY, withRetry } from '../faults/retry.ts';
import { keySpaceOf } from '../ledgering/keySpace.ts';
import type { PlannedRun, PlanReader } from '../ledgering/plannedRun.ts';
import { validateMultisets } from '../multisets/validateMultisets.ts';
import type { ChangedKeysReader } from '../ports/changedKeys.ts';
import type { EventSink } from '../ports/eventSink.ts';
import type { HostBudget, Throttle } from '../ports/hostBudget.ts';
import type { ClaimResult, LedgerReadings, Progress, ShardHolds, WriteResult } from '../ports/ledger.ts';
import type { MultisetReader } from '../ports/multisetReader.ts';
import type { RowReader } from '../ports/rowSource.ts';
import { fencingOf } from '../positions/fencing.ts';
import type { ConvergenceTimes } from '../shards/convergenceTimes.ts';
import type { RowSpace } from '../shards/rowId.ts';
import { RunEnded } from '../shards/runEnded.ts';
import type { ShardEnd } from '../shards/shardOutcome.ts';
import type { ShardDeps, ShardWork } from '../shards/shardWork.ts';
import { byRole } from '../sides/roles.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { HeldShard, type HeldShardDeps } from './heldShard.ts';
import type { Quarantine } from './quarantine.ts';
import { leavingSlot, RestingShard, type Slot } from './restingShard.ts';
import { validateKeys } from './validateKeys.ts';
import { validateShard } from './validateShard.ts';
import type { WaitingShards } from './waitingShards.ts';

/**
 * Attempts of one shard that may end without a commit before it is given up: far more than rollouts and lost machines
 * cause, also of the many shards that only wait when a worker is killed, but a limit for one that kills every worker.
 */
const STRIKES_MAX = 20;
/**
 * After this many failed attempts a shard may be the cause that kills its process. From then on it runs alone.
 * Otherwise the other shards of the process would be given up with it.
 */
const STRIKES_IN_COMPANY_MAX = 3;

/** Readers of one attempt: pages and points have sessions of their own, so that they do not wait for each other. */
export interface ShardReaders {
  readonly pages: Sides<RowReader>;
  readonly points: Sides<RowReader>;
  /** Of a plan that compares multisets, which reads nothing by pages and points. */
  readonly multisets?: Sides<MultisetReader> | undefined;
  /** Of a plan that compares what changed since a time. */
  readonly changed?: Sides<ChangedKeysReader> | undefined;
  /** After the readers were closed: takes the sessions of both servers again, together. Absent: they stay open. */
  wake?(signal: AbortSignal): Promise<void>;
}

/** The run of a claimed shard. */
export interface WorkedRun {
  readonly runId: string;
  readonly spec: RunSpec;
  readonly direction: Direction;
  readonly generation: number;
}

export interface ShardWorkDeps extends HeldShardDeps {
  readonly ledger: ShardHolds & Pick<LedgerReadings, 'runIntents' | 'findKnown'>;
  readonly readPlan: PlanReader;
  /**
   * Takes the connections of both servers together, or none. Throws CONNECTION_UNKNOWN, and a fault of the process when
   * other shards of this process use every connection for a long time.
   */
  openReaders(run: WorkedRun, plan: TablePlan, signal: AbortSignal): ShardReaders | Promise<ShardReaders>;
  /** A sink for one attempt at one shard. Throws when the run's events cannot be sent. */
  openSink(run: WorkedRun): EventSink | Promise<EventSink>;
  /** Names this process in the ledger. */
  readonly holder: string;
  /** One for all shards of the process. */
  readonly quarantine: Quarantine;
  /** One for all shards of the process. */
  readonly convergence: ConvergenceTimes;
  /** One for all shards of the process. */
  readonly waiting: WaitingShards;
  /** Of this attempt; absent: it keeps its place to the end. */
  readonly slot?: Slot | undefined;
  /** Absent where no connection has limits. */
  readonly budget?: BudgetUse | undefined;
  /** Of the job, where its age is watched. */
  readonly throttled?: ThrottledTime | undefined;
}

/** The budget of the process, and the limits of its connections. */
export interface BudgetUse {
  readonly budget: HostBudget;
  limitsOf(connection: string): HostLimits;
  onWait?(throttle: Throttle): void;
}

interface Attempt extends ShardWorkDeps {
  readonly signal: AbortSignal;
}

interface ShardPlace {
  readonly runId: string;
  readonly shard: number;
  /** Of the run that the job was made for; any when left out. */
  readonly generation?: number;
}

type ClaimedShard = Extract<ClaimResult, { kind: 'claimed' }>;

export type WorkEnd =
  | { readonly kind: 'ended'; readonly outcome: Outcome; readonly cause?: unknown }
  /** There was nothing to do, or another worker does it. */
  | { readonly kind: 'left'; readonly cause?: unknown }
  /** The signal aborted, or no connection was free for long: the shard went back at its checkpoint. */
  | { readonly kind: 'released' };

/** Throws only the ledger's faults: then the state is unknown, and the next try claims again. */
export async function workShard(
  place: ShardPlace,
  deps: ShardWorkDeps,
  signal: AbortSignal,
): Promise<WorkEnd> {
  try {
    const attempt = { ...deps, signal };
    const end = await workIn('together', place, attempt);
    return end ?? (await workIn('alone', place, attempt)) ?? { kind: 'left' };
  } catch (error) {
    // Nothing is held while the shard waits for its turn.
    if (signal.aborted && error === signal.reason) return { kind: 'released' };
    throw error;
  }
}

/**
 * Claims the shard only when its turn has come: if the process dies while it waits, no attempt is lost. Undefined: the
 * shard must run alone.
 */
async function workIn(
  company: 'together' | 'alone',
  place: ShardPlace,
  attempt: Attempt,
): Promise<WorkEnd | undefined> {
  const { ledger, clock, holder, quarantine, signal } = attempt;
  const leave = await quarantine.enter(company, signal);
  try {
    const claim = await ledger.claim({ ...place, holder, strikesMax: STRIKES_MAX, now: clock.now() });
    if (claim.kind !== 'claimed') return { kind: 'left' };
    const held = new HeldShard(claim.hold, attempt);
    if (company === 'together' && claim.strikes > STRIKES_IN_COMPANY_MAX) {
      await held.release();
      return undefined;
    }
    return await workHeld(claim, held, {
      ...attempt,
      slot: attempt.slot && leavingSlot(attempt.slot, leave),
    });
  } finally {
    leave();
  }
}

async function workHeld(claim: ClaimedShard, held: HeldShard, attempt: Attempt): Promise<WorkEnd> {
  try {
    const end = await runShard(claim, held, attempt);
    return end.kind === 'lost' ? { kind: 'left' } : endAs(end.outcome, await held.finish(end));
  } catch (error) {
    return await afterFault(error, held, attempt.signal);
  }
}

async function runShard(
  { shard, planName, direction, generation }: ClaimedShard,
  held: HeldShard,
  attempt: Attempt,
): Promise<ShardEnd> {
  const { clock, signal } = attempt;
  const planned = await plannedRun(held.runId, planName, attempt);
  const { spec } = planned;
  const run = { runId: held.runId, spec, direction, generation };
  const table = planned.tablesIn(direction)[shard.table];
  if (!table?.plan) throw brokenPlan(shard);
  // The sink is opened before a row is read: without it, differences could not be sent.
  const sink = await attempt.openSink(run);
  const { plan } = table;
  const opened = await withRetry(async () => attempt.openReaders(run, plan, signal), {
    policy: STEP_RETRY,
    clock,
    signal,
  });
  const { pages, points, multisets, changed } = opened;
  const readers = [multisets, changed, pages, points].flatMap((pair) =>
    pair ? [pair.base, pair.target] : [],
  );
  const resting = restingOf(opened, readers, attempt);
  const rows = rowSpace(planned, shard.table);
  const context = { runId: run.runId, generation, direction, table: table.name, plan, rows };
  const { range, keys, checkpoint, counts } = shard;
  const servers = planned.plan.servers && byRole(planned.plan.servers, direction);
  const deps = {
    pages,
    points,
    multisets,
    changed,
    sink,
    clock,
    convergence: attempt.convergence.ofRun(run.runId),
    fencing: fencingOf({ fence: spec.recheck.fence, direction, servers }),
    resting,
    following: table.follows && {
      isWhole: table.follows.isWhole,
      find: (ids: readonly string[]) => attempt.ledger.findKnown(held.runId, shard.table, ids),
    },
    budget: shardBudget(run, servers, attempt),
    isWanted: () => isWanted(held.runId, attempt),
    commit: (progress: Progress) => held.commit(progress),
    split: (cuts: readonly KeyTuple[]) => held.split(cuts),
  };
  const work = { context, shard: shard.shard, range, keys, checkpoint, counts, policy: spec };
  const end = await validate(work, deps, signal)
    .catch(async (error: unknown) => {
      await Promise.allSettled(readers.map((reader) => reader.close()));
      throw error;
    })
    .finally(() => resting?.end());
  // Closing a reader throws when the rows that it read prove nothing.
  await Promise.all(readers.map((reader) => reader.close()));
  return end;
}

function restingOf(
  { wake }: ShardReaders,
  readers: readonly Pick<RowReader, 'close'>[],
  { slot, waiting, clock }: Attempt,
): RestingShard | undefined {
  if (!slot || !wake) return undefined;
  const retried = (signal: AbortSignal) =>
    withRetry(() => wake(signal), { policy: STEP_RETRY, clock, signal });
  return new RestingShard({ slot, waiting, readers, wake: retried });
}

function rowSpace({ spec, plan }: PlannedRun, table: number): RowSpace {
  const { names: tables, plan: placed } = plan.tables[table] as TableRecord;
  const { source, destination } = spec;
  return { connections: { source, destination }, tables, keySpace: placed ? keySpaceOf(placed) : '' };
}

type AnyWork = ShardWork & { readonly keys?: readonly KeyTuple[] | undefined };

function validate(work: AnyWork, deps: ShardDeps, signal: AbortSignal): Promise<ShardEnd> {
  const { keys } = work;
  if (keys) {
    const { following } = deps;
    if (!following) throw keysWithoutRun(work);
    return validateKeys({ ...work, keys }, { ...deps, following }, signal);
  }
  const { multisets } = deps;
  if (!multisets) return validateShard(work, deps, signal);
  const { budget } = deps;
  const admitted = budget
    ? mapSides(multisets, (reader, side) => budgetedMultisets(reader, side, budget))
    : multisets;
  return validateMultisets(work, { ...deps, multisets: admitted }, signal);
}

/** Undefined where neither server has limits. */
function shardBudget(
  { runId, spec, direction }: WorkedRun,
  servers: Sides<ServerIdentity> | undefined,
  { budget: use, clock, throttled = new ThrottledTime(clock) }: Attempt,
): ShardBudget | undefined {
  if (!use) return undefined;
  const { budget, onWait } = use;
  const connections = byRole(spec, direction);
  const hosts = budgetHosts({ connections, servers, limitsOf: (connection) => use.limitsOf(connection) });
  if (!hosts.base && !hosts.target) return undefined;
  return new ShardBudget({ budget, runId, hosts, clock, throttled, ...(onWait ? { onWait } : {}) });
}

function endAs(outcome: Outcome, written: WriteResult): Exclude<WorkEnd, { kind: 'released' }> {
  return written.kind === 'written' ? { kind: 'ended', outcome } : { kind: 'left' };
}

async function afterFault(error: unknown, held: HeldShard, signal: AbortSignal): Promise<WorkEnd> {
  // Without the ledger nothing can be said of the shard; it is claimed again and continues at its checkpoint.
  if (isOfLedger(error)) throw error;
  if (error instanceof RunEnded) return { kind: 'left' };
  const isForLater = error instanceof Fault && error.place === 'process';
  if (signal.aborted || isForLater) {
    await held.release();
    return { kind: 'released' };
  }
  const end = endAs('inconclusive', await held.giveUp(error));
  return { ...end, cause: error };
}

async function isWanted(runId: string, { ledger }: Pick<ShardWorkDeps, 'ledger'>): Promise<boolean> {
  const [intent] = await ledger.runIntents([runId]);
  return intent !== 'stop';
}

async function plannedRun(
  runId: string,
  planName: string,
  { readPlan }: Pick<ShardWorkDeps, 'readPlan'>,
): Promise<PlannedRun> {
  const planned = await readPlan(runId, planName);
  if (planned) return planned;
  const message = `Run ${runId}: the plan that a shard was just claimed from is not in the ledger any more.`;
  throw new Fault('transient', { code: 'CONNECTION_LOST', message }, { place: 'ledger' });
}

function keysWithoutRun({ shard }: ShardWork): Fault {
  const message = `Shard ${shard} holds keys, and its run follows no other one.`;
  return new Fault('invariant', { code: 'INTERNAL', message });
}

function brokenPlan(shard: ShardRecord): Fault {
  return new Fault('invariant', {
    code: 'INTERNAL',
    message: `Shard ${shard.shard} belongs to table ${shard.table}, which has no plan.`,
  });
}
