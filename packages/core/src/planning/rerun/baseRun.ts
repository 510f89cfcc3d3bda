/** The settled run that another one is based on. */
import { Fault, type RunHeader, type RunPlan, type RunSpec } from '@rowparity/contracts';
import type { LedgerReadings } from '../../ports/ledger.ts';

export type RerunReadings = Pick<
  LedgerReadings,
  ('getRun' | 'getSpec' | 'getPlan' | 'listShards' | 'damageOf') | ('listKnown' | 'knownTotals' | 'totals')
>;

export interface BaseRun {
  readonly header: RunHeader;
  readonly spec: RunSpec;
  readonly plan: RunPlan;
}

/** Throws RERUN_REFUSED when nothing can be taken over from this run, and RUN_UNREADABLE. */
export async function readBaseRun(runId: string, ledger: RerunReadings): Promise<BaseRun> {
  const header = await ledger.getRun(runId);
  if (!header) throw unusable(runId, 'it is not in the ledger; settled runs are forgotten after a time');
  if (header.state !== 'settled') throw unusable(runId, `it is ${header.state}, and not settled`);
  const { planName } = header;
  if (planName === null) throw unusable(runId, 'it was never planned');
  const damage = await ledger.damageOf(runId);
  if (damage.length > 0) throw unusable(runId, `the ledger has lost ${damage[0]}`);
  const [spec, plan] = await Promise.all([ledger.getSpec(runId), ledger.getPlan(runId, planName)]);
  if (!spec || !plan) throw unusable(runId, 'its spec or plan is not in the ledger any more');
  return { header, spec, plan };
}

export function unusable(runId: string, why: string): Fault {
  const message = `Nothing of run ${runId} can be taken over: ${why}. Order a new run of all shards.`;
  return new Fault('configuration', { code: 'RERUN_REFUSED', message: message.slice(0, 2000) });
}
