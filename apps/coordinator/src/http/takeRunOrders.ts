/** Takes specs from the run queue; the job of a run completes with its verdict when the run is settled. */
import { Fault, listed } from '@rowparity/contracts';
import { readWholeRun, type WholeRunReadings } from '@rowparity/core';
import type { Supervisor } from '../supervising/supervisor.ts';
import { type AcceptDeps, acceptSpec } from './acceptSpec.ts';
import { runAnswer, wholeRunAnswer } from './runAnswer.ts';

/** The reason is kept with the job. */
const PROBLEMS_TOLD_MAX = 10;

interface OrderDeps extends AcceptDeps {
  readonly ledger: AcceptDeps['ledger'] & WholeRunReadings;
  readonly supervisor: Supervisor;
}

interface OrderJob {
  readonly signal: AbortSignal;
  readonly traceparent: string | undefined;
}

export function takeRunOrders(deps: OrderDeps) {
  return async (raw: unknown, { signal, traceparent }: OrderJob): Promise<unknown> => {
    const accepted = await acceptSpec(raw, deps, { kind: 'consumer', traceparent });
    if (accepted.kind === 'invalid') {
      const problems = accepted.problems.map(({ path, message }) => `${path}: ${message}`);
      const list = listed(problems, PROBLEMS_TOLD_MAX, '; ');
      throw refused(`The spec on the run queue is not valid. ${list}`);
    }
    if (accepted.kind === 'different') {
      throw refused(`Run ${accepted.spec.runId} exists with another spec. Choose another runId.`);
    }
    const settled = await deps.supervisor.untilSettled(accepted.spec.runId, signal);
    const run = await readWholeRun(settled.runId, deps.ledger);
    return run ? wholeRunAnswer(run) : runAnswer(settled);
  };
}

function refused(message: string): Fault {
  return new Fault('configuration', { code: 'SPEC_INVALID', message });
}
