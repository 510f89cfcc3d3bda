/** The messages for calls that a ledger refuses and shards that it ends: one text for each reason, in every ledger. */
import type { Failure, Fault, RunState } from '@rowparity/contracts';
import { brokenRule } from './rules.ts';

type FoundState = RunState | 'unknown';

export function notPlanning(runId: string, found: FoundState): Fault {
  return brokenRule(runId, `expected a run that is planning, found ${found}.`);
}

export function notPlannable(runId: string, found: FoundState): Fault {
  return brokenRule(runId, `expected a run without a plan, found ${found}.`);
}

export function unknownRun(runId: string): Fault {
  return brokenRule(runId, 'expected a known run, found none.');
}

export function otherRange(runId: string, shard: number): Fault {
  return brokenRule(runId, `shard ${shard} is planned with another range.`);
}

export function outOfOrder(runId: string, { expected, found }: { expected: number; found: number }): Fault {
  return brokenRule(runId, `expected shard ${expected} of the plan, found ${found}.`);
}

export function untiled(runId: string, shard: number): Fault {
  const message = `the range of shard ${shard} does not continue its table's plan: expected ranges from open to open without gap or overlap.`;
  return brokenRule(runId, message);
}

export function miscounted(runId: string, { expected, found }: { expected: number; found: number }): Fault {
  return brokenRule(runId, `the plan's tables say ${expected} shards, and ${found} were written.`);
}

export function notInPlan(runId: string, shard: number): Fault {
  return brokenRule(runId, `shard ${shard} is inherited, and is not in the plan.`);
}

export function inexactSplit(runId: string, shard: number): Fault {
  const message = `expected to split shard ${shard} at keys inside its range, each behind the one before.`;
  return brokenRule(runId, message);
}

/** For a shard whose attempts end repeatedly without a commit or a release. */
export function exhaustedFailure(shard: number, strikesMax: number): Failure {
  const message =
    `Shard ${shard}: ${strikesMax} attempts in a row ended without progress and without an error (crashed, killed or ` +
    'cut off), so no more are made. Look at the logs of the processes that held it for a crash or a lack of memory, ' +
    'fix that, and start a new run.';
  return { code: 'ATTEMPTS_EXHAUSTED', message };
}
