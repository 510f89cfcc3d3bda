/**
 * Takes a run one step further in its life. The coordinator drives it for every open run, `check` for its only run, and
 * `--explain` for a run in memory. It keeps no state between two calls: after a crash anywhere, the next call continues
 * from the ledger.
 */
import { type Failure, failureOf, type RunHeader, type Verdict } from '@rowparity/contracts';
import type { CatalogDeps } from '../catalogs/roleCatalogs.ts';
import type { AskingDeps } from '../catalogs/tablesAsked.ts';
import { planRun } from '../planning/planRun.ts';
import type { LedgerReadings, PlanStore, RunStore } from '../ports/ledger.ts';
import { damageFailure } from '../settling/damagedRun.ts';
import { settleRun } from '../settling/settleRun.ts';
import { verdictOfEnded } from '../settling/verdict.ts';
import { type NextStepInput, nextStep, orDamaged, type Step } from './nextStep.ts';

export interface AdvanceDeps extends CatalogDeps, AskingDeps {
  readonly ledger: RunStore & PlanStore & LedgerReadings;
  /**
   * A fault of planning that says nothing about the run: it is thrown, and the run stays as it is for the next call.
   * Any other fault refuses the run.
   */
  isLeftOpen(error: unknown): boolean;
  /** The run ends early, or rests: takes these shards away from the workers. */
  withdraw?(runId: string, shards: readonly number[]): Promise<void>;
}

export type Advanced =
  | { readonly kind: 'planned' }
  /** Another process planned the run, or ended it, at the same time. */
  | { readonly kind: 'overtaken' }
  /** There can be no plan: the run is settled, inconclusive. */
  | { readonly kind: 'refused'; readonly cause: unknown }
  /** These shards are for workers now. */
  | { readonly kind: 'opened'; readonly run: RunHeader; readonly shards: readonly number[] }
  /** No more shards can be opened for now. */
  | { readonly kind: 'waiting' }
  /** The run is paused: its shards are withdrawn. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'settled'; readonly verdict: Verdict }
  /** The ledger lost a part of the run: it is settled, inconclusive. */
  | { readonly kind: 'damaged'; readonly damage: readonly string[] }
  /** The run was settled before. */
  | { readonly kind: 'over' }
  /** The record of an open run is gone. */
  | { readonly kind: 'lost' };

export async function advanceRun(
  input: NextStepInput,
  deps: AdvanceDeps,
  signal: AbortSignal,
): Promise<Advanced> {
  return takeStep(await nextStep(input, deps.ledger), deps, signal);
}

/** Throws the ledger's faults, and those for which `isLeftOpen` is true. */
export async function takeStep(step: Step, deps: AdvanceDeps, signal: AbortSignal): Promise<Advanced> {
  switch (step.kind) {
    case 'plan':
      return plan(step.run, deps, signal);
    case 'open':
      return orEndDamaged(step.run, deps, () => open(step.run, deps));
    case 'settle':
      return orEndDamaged(step.run, deps, () => settle(step.run, deps, signal));
    case 'cancel':
      return orEndDamaged(step.run, deps, () => cancel(step.run, deps));
    case 'rest':
      return orEndDamaged(step.run, deps, () => rest(step.run, deps));
    case 'endDamaged':
      return endDamaged(step, deps);
    case 'none':
      return { kind: 'over' };
    case 'forget':
      return forget(step.runId, deps);
  }
}

async function plan(run: RunHeader, deps: AdvanceDeps, signal: AbortSignal): Promise<Advanced> {
  const { ledger, clock } = deps;
  const planning = await ledger.beginPlanning(run.runId);
  try {
    const { kind } = await planRun({ run, planning }, deps, signal);
    return { kind: kind === 'written' ? 'planned' : 'overtaken' };
  } catch (cause) {
    if (signal.aborted || deps.isLeftOpen(cause)) throw cause;
    const { kind } = await ledger.refusePlan(planning, failureOf(cause), clock.now());
    return kind === 'written' ? { kind: 'refused', cause } : { kind: 'overtaken' };
  }
}

async function open(run: RunHeader, { ledger }: AdvanceDeps): Promise<Advanced> {
  const shards = await ledger.openShards(run.runId, run.window);
  return shards.length > 0 ? { kind: 'opened', run, shards } : { kind: 'waiting' };
}

async function settle(run: RunHeader, deps: AdvanceDeps, signal: AbortSignal): Promise<Advanced> {
  const verdict = await settleRun(run, deps, signal);
  // A failover may have taken a shard back; the next call finds it.
  return verdict ? { kind: 'settled', verdict } : { kind: 'waiting' };
}

async function cancel({ runId }: RunHeader, { ledger, clock, withdraw }: AdvanceDeps): Promise<Advanced> {
  await withdraw?.(runId, await ledger.listOpenShards(runId));
  const verdict = verdictOfEnded(await ledger.sums(runId));
  const message = 'The run was cancelled before every shard was done.';
  const failure: Failure = { code: 'RUN_CANCELLED', message };
  const isFirst = await ledger.settle(runId, { verdict, failure, now: clock.now() });
  return isFirst ? { kind: 'settled', verdict } : { kind: 'over' };
}

/** The shards stay open in the ledger; they get new jobs when the run is resumed. */
async function rest({ runId }: RunHeader, { ledger, withdraw }: AdvanceDeps): Promise<Advanced> {
  await withdraw?.(runId, await ledger.listOpenShards(runId));
  return { kind: 'paused' };
}

async function forget(runId: string, { ledger }: AdvanceDeps): Promise<Advanced> {
  const answer = await ledger.deleteRun(runId);
  return { kind: answer === 'unknown' ? 'lost' : 'waiting' };
}

async function orEndDamaged(
  run: RunHeader,
  deps: AdvanceDeps,
  step: () => Promise<Advanced>,
): Promise<Advanced> {
  const ended = await orDamaged(run, deps.ledger, step);
  return ended.kind === 'endDamaged' ? endDamaged(ended, deps) : ended;
}

/** Without the lost part the run would never end, or end with a verdict about the rest only. */
async function endDamaged(
  { run: { runId }, damage }: Extract<Step, { kind: 'endDamaged' }>,
  { ledger, clock }: AdvanceDeps,
): Promise<Advanced> {
  const failure = damageFailure(runId, damage);
  await ledger.settle(runId, { verdict: 'inconclusive', failure, now: clock.now() });
  return { kind: 'damaged', damage };
}
