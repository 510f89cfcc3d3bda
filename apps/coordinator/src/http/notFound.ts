import type { FastifyReply } from 'fastify';

export function notFound(reply: FastifyReply, runId: string) {
  return reply.code(404).send({ error: 'run_unknown', message: `There is no run "${runId}".` });
}
