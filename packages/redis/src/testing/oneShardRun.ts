/** For tests: a run of one shard that is ready for work. */
import { runSpec } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';

export const RUN = 'run-1';

export async function acceptedRun(ledger: Ledger, runId: string): Promise<void> {
  const tables = [{ name: 't' }];
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC', tables };
  await ledger.createRun(runSpec.parse(spec), 1);
}

export async function plannedRun(ledger: Ledger, runId: string): Promise<void> {
  await acceptedRun(ledger, runId);
  const planning = await ledger.beginPlanning(runId);
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const record = {
    names: { source: 't', destination: 't' },
    plan: null,
    refusal: null,
    shards: 1,
    estimatedRows: 20,
  };
  await ledger.completePlan(planning, { tables: [record], now: 2 });
}

export function oneShardRun(ledger: Ledger): Promise<void> {
  return plannedRun(ledger, RUN);
}
