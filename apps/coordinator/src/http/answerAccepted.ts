/** The answer to a spec that was taken or refused. */
import { type LedgerReadings, readWholeRun } from '@rowparity/core';
import type { FastifyReply } from 'fastify';
import type { Acceptance } from './acceptSpec.ts';
import { wholeRunAnswer } from './runAnswer.ts';

export async function answerAccepted(reply: FastifyReply, accepted: Acceptance, ledger: LedgerReadings) {
  switch (accepted.kind) {
    case 'created':
    case 'same': {
      const run = await readWholeRun(accepted.spec.runId, ledger);
      return reply.code(202).send(run ? wholeRunAnswer(run) : { runId: accepted.spec.runId });
    }
    case 'different':
      return reply.code(409).send({
        error: 'run_exists',
        message: `Run ${accepted.spec.runId} exists with another spec. Choose another runId.`,
      });
    case 'invalid':
      return reply.code(400).send({
        error: 'invalid_spec',
        message: 'The spec is not valid; problems lists every place.',
        problems: accepted.problems,
      });
  }
}
