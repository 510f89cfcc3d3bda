/** Routes over runs that were ordered before: the list of them, pause and resume, and running a part again. */
import { invalidQuery, type LedgerReadings, listedRuns, type RunStore, readWholeRun } from '@rowparity/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type AcceptDeps, acceptSpec } from './acceptSpec.ts';
import { answerAccepted } from './answerAccepted.ts';
import { notFound } from './notFound.ts';
import { rerunSpec } from './rerunSpec.ts';
import { runAnswer, wholeRunAnswer } from './runAnswer.ts';

export interface ControlDeps extends AcceptDeps {
  readonly ledger: RunStore & LedgerReadings;
}

export function addControlRoutes(app: FastifyInstance, deps: ControlDeps): void {
  const { ledger, clock } = deps;
  app.get('/v1/runs', async (request, reply) => {
    const listed = await listedRuns(request.query, ledger);
    if (listed.kind === 'invalid') return reply.code(400).send(invalidQuery(listed));
    const { runs, unreadable, next } = listed;
    return { runs: runs.map(runAnswer), unreadable, next };
  });
  app.post<{ Params: { id: string } }>('/v1/runs/:id/rerun', async (request, reply) => {
    const made = await rerunSpec(request.params.id, request.body, ledger);
    switch (made.kind) {
      case 'spec':
        return answerAccepted(reply, await acceptSpec(made.spec, deps), ledger);
      case 'unknown':
        return notFound(reply, request.params.id);
      case 'refused':
        return reply.code(409).send({ error: made.error, message: made.message });
      case 'invalid': {
        const message = 'The order is not valid; problems lists every place.';
        return reply.code(400).send({ error: 'invalid_order', message, problems: made.problems });
      }
    }
  });
  for (const call of ['pause', 'resume'] as const) {
    app.post<{ Params: { id: string } }>(`/v1/runs/:id/${call}`, async (request, reply) => {
      const { id } = request.params;
      const isTaken = await ledger[call](id, clock.now());
      return isTaken ? answerRun(reply, id, ledger) : refuse(reply, { id, call }, ledger);
    });
  }
}

async function answerRun(reply: FastifyReply, id: string, ledger: LedgerReadings) {
  const run = await readWholeRun(id, ledger);
  return run ? reply.code(202).send(wholeRunAnswer(run)) : notFound(reply, id);
}

async function refuse(
  reply: FastifyReply,
  { id, call }: { readonly id: string; readonly call: 'pause' | 'resume' },
  ledger: LedgerReadings,
) {
  const run = await ledger.getRun(id);
  if (!run) return notFound(reply, id);
  const isSettled = run.state === 'settled';
  const why = isSettled ? 'is settled' : 'was cancelled';
  const message = `Run ${id} ${why}: there is nothing to ${call}.`;
  return reply.code(409).send({ error: isSettled ? 'run_settled' : 'run_cancelled', message });
}
