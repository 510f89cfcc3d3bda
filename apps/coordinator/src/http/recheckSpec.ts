/** The spec of a run that looks at the known differences of a settled run again, or why there can be none. */
import { many, type RecheckOrder, type RunSpec } from '@rowparity/contracts';
import type { LedgerReadings } from '@rowparity/core';
import type { OrderedAgain } from './rerunSpec.ts';

type Refusal = 'run_not_settled' | 'run_not_planned' | 'nothing_to_recheck';

type Readings = Pick<LedgerReadings, 'getRun' | 'getSpec' | 'knownTotals'>;

/** Plans nothing: whether the databases are as they were is found when the new run is planned. */
export async function recheckSpec(
  id: string,
  { runId }: RecheckOrder,
  ledger: Readings,
): Promise<OrderedAgain<Refusal>> {
  const run = await ledger.getRun(id);
  const spec = run && (await ledger.getSpec(id));
  if (!run || !spec) return { kind: 'unknown' };
  if (run.state !== 'settled') {
    const message = `Run ${id} is ${run.state}. Its known differences can be looked at when it is settled.`;
    return { kind: 'refused', error: 'run_not_settled', message };
  }
  if (run.planName === null) {
    const message = `Run ${id} was never planned, so it found nothing. Order a new run.`;
    return { kind: 'refused', error: 'run_not_planned', message };
  }
  const totals = await ledger.knownTotals(id);
  if (totals.every(({ kept }) => kept === 0)) {
    const beyond = totals.reduce((sum, table) => sum + table.beyond, 0);
    const why =
      beyond > 0
        ? `confirmed ${many(beyond, 'difference', 'differences')} and kept no key`
        : 'knows no difference that is open';
    const message = `Run ${id} ${why}. Order a rerun of the shards that differ, or a new run.`;
    return { kind: 'refused', error: 'nothing_to_recheck', message };
  }
  return { kind: 'spec', spec: based(spec, { runId, on: id }) };
}

/** Known differences are looked at by their keys, however they were found. */
function based(spec: RunSpec, { runId, on }: { readonly runId: string; readonly on: string }): RunSpec {
  const { changedSince: _, ...rest } = spec;
  const { keep } = spec.known;
  return { ...rest, runId, known: { keep }, basedOn: { runId: on, only: ['known'] } };
}
