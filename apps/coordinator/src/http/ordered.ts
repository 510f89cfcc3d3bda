/** Answers to an order: the run, or why there is none. */
import type { RunSpec, SpecProblem } from '@rowparity/contracts';
import { type LedgerReadings, type RunStore, readWholeRun } from '@rowparity/core';
import { type AcceptDeps, acceptSpec } from './acceptSpec.ts';
import { wholeRunAnswer } from './runAnswer.ts';

export interface OrderDeps extends AcceptDeps {
  readonly ledger: RunStore & LedgerReadings;
}

export async function submitted(spec: RunSpec, deps: OrderDeps, traceparent: string | undefined) {
  const accepted = await acceptSpec(spec, deps, { kind: 'server', traceparent });
  switch (accepted.kind) {
    case 'created':
    case 'same': {
      const { runId } = accepted.spec;
      const run = await readWholeRun(runId, deps.ledger);
      if (run) return { status: 202, body: wholeRunAnswer(run) } as const;
      // Deleted by another client just now.
      const message = `Run ${runId} was deleted while it was ordered. Order it again.`;
      return { status: 503, body: { error: 'unavailable', message } } as const;
    }
    case 'different': {
      const message = `Run ${accepted.spec.runId} exists with another spec. Choose another runId.`;
      return { status: 409, body: { error: 'run_exists', message } } as const;
    }
    case 'invalid':
      return invalidSpec(accepted.problems);
  }
}

export function invalidSpec(problems: readonly SpecProblem[]) {
  const message = 'The spec is not valid; problems lists every place.';
  return { status: 400, body: { error: 'invalid_spec', message, problems } } as const;
}

export function unknownRun(runId: string) {
  return { status: 404, body: { error: 'run_unknown', message: `There is no run "${runId}".` } } as const;
}
