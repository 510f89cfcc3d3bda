/** Answers over runs that were ordered before: pause and resume, and running a part again. */
import type { COORDINATOR_ROUTES } from '@rowparity/contracts';
import { type LedgerReadings, readWholeRun } from '@rowparity/core';
import type { HttpHandlers } from '@rowparity/runtime';
import { type OrderDeps, submitted, unknownRun } from './ordered.ts';
import { recheckSpec } from './recheckSpec.ts';
import { type OrderedAgain, rerunSpec } from './rerunSpec.ts';
import { wholeRunAnswer } from './runAnswer.ts';

type Handlers = Pick<
  HttpHandlers<typeof COORDINATOR_ROUTES>,
  'pauseRun' | 'resumeRun' | 'rerunRun' | 'recheckRun'
>;

export function controlHandlers(deps: OrderDeps): Handlers {
  const { ledger, clock } = deps;
  const control = async (id: string, call: 'pause' | 'resume') => {
    const isTaken = await ledger[call](id, clock.now());
    if (!isTaken) return refused(id, call, ledger);
    const run = await readWholeRun(id, ledger);
    return run ? ({ status: 202, body: wholeRunAnswer(run) } as const) : unknownRun(id);
  };
  return {
    pauseRun: ({ params: { id } }) => control(id, 'pause'),
    resumeRun: ({ params: { id } }) => control(id, 'resume'),
    rerunRun: async ({ params: { id }, body, traceparent }) =>
      again(id, await rerunSpec(id, body, ledger), { ...deps, traceparent }),
    recheckRun: async ({ params: { id }, body, traceparent }) =>
      again(id, await recheckSpec(id, body, ledger), { ...deps, traceparent }),
  };
}

type AgainDeps = OrderDeps & { readonly traceparent: string | undefined };

async function again<Refusal extends string>(id: string, made: OrderedAgain<Refusal>, deps: AgainDeps) {
  switch (made.kind) {
    case 'spec':
      return submitted(made.spec, deps, deps.traceparent);
    case 'unknown':
      return unknownRun(id);
    case 'refused':
      return { status: 409, body: { error: made.error, message: made.message } } as const;
  }
}

async function refused(id: string, call: 'pause' | 'resume', ledger: LedgerReadings) {
  const run = await ledger.getRun(id);
  if (!run) return unknownRun(id);
  const isSettled = run.state === 'settled';
  const message = `Run ${id} ${isSettled ? 'is settled' : 'was cancelled'}: there is nothing to ${call}.`;
  return { status: 409, body: { error: isSettled ? 'run_settled' : 'run_cancelled', message } } as const;
}
