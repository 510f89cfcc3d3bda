/** Takes specs from the run queue; the job of a run completes with its verdict when the run is settled. */
import { Fault, listed } from '@rowparity/contracts';
import type { Supervisor } from '../supervising/supervisor.ts';
import { type AcceptParts, acceptSpec } from './acceptSpec.ts';
import { runAnswer } from './runAnswer.ts';

/** The reason is kept with the job. */
const PROBLEMS_TOLD_MAX = 10;

interface OrderParts extends AcceptParts {
  readonly supervisor: Supervisor;
}

export function takeRunOrders(parts: OrderParts) {
  return async (raw: unknown, { signal }: { readonly signal: AbortSignal }): Promise<unknown> => {
    const accepted = await acceptSpec(raw, parts);
    if (accepted.kind === 'invalid') {
      const problems = accepted.problems.map(({ path, message }) => `${path}: ${message}`);
      const list = listed(problems, PROBLEMS_TOLD_MAX, '; ');
      throw refused(`The spec on the run queue is not valid. ${list}`);
    }
    if (accepted.kind === 'different') {
      throw refused(`Run ${accepted.spec.runId} exists with another spec. Choose another runId.`);
    }
    return runAnswer(await parts.supervisor.untilSettled(accepted.spec.runId, signal));
  };
}

function refused(message: string): Fault {
  return new Fault('configuration', { code: 'SPEC_INVALID', message });
}
