/** What is said of a planned run of which the ledger lost a part. */
import { type Failure, listed } from '@rowparity/contracts';

const PARTS_NAMED_MAX = 10;

export function damageFailure(runId: string, damage: readonly string[]): Failure {
  const message = `Run ${runId}: the ledger has lost ${listed(damage, PARTS_NAMED_MAX, '; ')}. A person removed it, or Redis evicted it (maxmemory-policy must be noeviction). What was found until then was sent. Order a new run.`;
  return { code: 'RUN_DAMAGED', message };
}
