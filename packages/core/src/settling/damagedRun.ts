/** The failure of a planned run when the ledger has lost a part of it. */
import { type Failure, listed } from '@rowparity/contracts';

const PARTS_NAMED_MAX = 10;

export function damageFailure(runId: string, damage: readonly string[]): Failure {
  const message = `Run ${runId}: the ledger has lost ${listed(damage, PARTS_NAMED_MAX, '; ')}. It was removed by hand, or Redis evicted it (maxmemory-policy must be noeviction). The events found until then were sent. Order a new run.`;
  return { code: 'RUN_DAMAGED', message };
}
