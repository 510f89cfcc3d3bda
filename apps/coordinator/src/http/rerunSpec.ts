/** The spec of a run that compares a part of a settled run anew, or why there can be none. */
import { isRecheck, type RerunOrder, type RunSpec } from '@rowparity/contracts';
import type { LedgerReadings } from '@rowparity/core';

export type OrderedAgain<Refusal> =
  | { readonly kind: 'spec'; readonly spec: RunSpec }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly error: Refusal; readonly message: string };

type Refusal = 'run_not_settled' | 'run_not_planned' | 'nothing_to_rerun';

type Readings = Pick<LedgerReadings, 'getRun' | 'getSpec' | 'sums'>;

/** Plans nothing: whether the databases are as they were is found when the new run is planned. */
export async function rerunSpec(
  id: string,
  { runId, only: asked = ['inconclusive', 'differs'] }: RerunOrder,
  ledger: Readings,
): Promise<OrderedAgain<Refusal>> {
  const run = await ledger.getRun(id);
  const spec = run && (await ledger.getSpec(id));
  if (!run || !spec) return { kind: 'unknown' };
  if (run.state !== 'settled') {
    const message = `Run ${id} is ${run.state}. A part of it can be run again when it is settled.`;
    return { kind: 'refused', error: 'run_not_settled', message };
  }
  if (run.planName === null) {
    const message = `Run ${id} was never planned, so it has no shards. Order a new run.`;
    return { kind: 'refused', error: 'run_not_planned', message };
  }
  if (isRecheck(spec)) {
    const message = `Run ${id} looked at known differences only, and has no ranges. Order a new run, or a rerun of the run before it.`;
    return { kind: 'refused', error: 'nothing_to_rerun', message };
  }
  if (spec.changedSince) {
    const message = `Run ${id} compared the rows that changed, and has no ranges. Order a new run of them, or a recheck of its differences.`;
    return { kind: 'refused', error: 'nothing_to_rerun', message };
  }
  const only = [...new Set(asked)].sort().reverse();
  const { shards } = await ledger.sums(id);
  const open = shards.planned + shards.running + only.reduce((sum, outcome) => sum + shards[outcome], 0);
  if (open === 0) {
    const message = `Run ${id} has no shard that ended ${only.join(' or ')}. Order a new run to compare all of it.`;
    return { kind: 'refused', error: 'nothing_to_rerun', message };
  }
  const { keep } = spec.known;
  return { kind: 'spec', spec: { ...spec, runId, known: { keep }, basedOn: { runId: id, only } } };
}
