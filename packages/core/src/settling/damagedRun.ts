/**
 * Ends a planned run of which the ledger has lost a part: its shards can be neither found nor counted any more, so it would
 * go on for ever, or end with a verdict of what is left.
 */
import { type Failure, listed, type RunHeader } from '@rowparity/contracts';
import type { Clock } from '../ports/clock.ts';
import type { LedgerReadings, RunStore } from '../ports/ledger.ts';

const PARTS_NAMED_MAX = 10;

export interface DamagePorts {
  readonly ledger: Pick<LedgerReadings, 'damageOf'> & Pick<RunStore, 'settle'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Resolves to what is missing; empty when nothing is, and the run goes on. */
export async function endIfDamaged(
  { runId }: Pick<RunHeader, 'runId'>,
  { ledger, clock }: DamagePorts,
): Promise<readonly string[]> {
  const damage = await ledger.damageOf(runId);
  if (damage.length > 0)
    await ledger.settle(runId, {
      verdict: 'inconclusive',
      failure: damageFailure(runId, damage),
      now: clock.now(),
    });
  return damage;
}

export function damageFailure(runId: string, damage: readonly string[]): Failure {
  const message = `Run ${runId}: the ledger has lost ${listed(damage, PARTS_NAMED_MAX, '; ')}. Somebody removed it, or Redis gave it up (maxmemory-policy must be noeviction). What was found until then was sent. Order a new run.`;
  return { code: 'RUN_DAMAGED', message };
}
