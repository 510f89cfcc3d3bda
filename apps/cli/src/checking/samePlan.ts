/**
 * Refuses to continue a run whose tables were changed since it was planned: its rows would not be rows of one table.
 */
import { isDeepStrictEqual } from 'node:util';
import { Fault } from '@rowparity/contracts';
import type { WholeRun } from '@rowparity/core';

/** `now` is the same spec planned again. */
export function expectSamePlan(began: WholeRun, now: WholeRun): void {
  for (const { name, plan } of began.tables) {
    if (plan === null) continue;
    const again = now.tables.find((table) => table.name === name);
    if (isDeepStrictEqual(plan, again?.plan)) continue;
    const why = again?.refusal?.message ?? 'its columns, types or key are not those of the plan any more';
    const message = `Run ${began.runId}, table ${name}: ${why} The run cannot be continued; begin a new one without --resume, after removing its ledger.`;
    throw new Fault('configuration', { code: 'SCHEMA_CHANGED', message });
  }
}
