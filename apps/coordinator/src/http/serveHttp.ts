/** The coordinator's HTTP: takes specs, tells where runs stand, cancels and deletes them. */
import { type LedgerReadings, type RunStore, readWholeRun } from '@rowparity/core';
import { createHttpApp, type createMetrics, type Log, listen, type TokenOptions } from '@rowparity/runtime';
import type { FastifyInstance } from 'fastify';
import type { Supervisor } from '../supervising/supervisor.ts';
import { type AcceptDeps, acceptSpec } from './acceptSpec.ts';
import { answerAccepted } from './answerAccepted.ts';
import { backlogOf } from './backlogOf.ts';
import { addControlRoutes } from './controlRoutes.ts';
import { notFound } from './notFound.ts';
import { runAnswer, wholeRunAnswer } from './runAnswer.ts';

/** Without a look at the ledger for this long, the supervisor hangs. */
const SILENCE_MS_MAX = 60_000;

export interface HttpDeps extends AcceptDeps {
  readonly ledger: RunStore & LedgerReadings;
  readonly supervisor: Supervisor;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly log: Log;
}

export async function serveHttp(
  deps: HttpDeps,
  config: { readonly httpHost: string; readonly httpPort: number } & TokenOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = await createHttpApp({ name: 'coordinator', log: deps.log, config });
  addRunRoutes(app, deps);
  addControlRoutes(app, deps);
  addStatusRoutes(app, deps);
  const url = await listen(app, config);
  return { url, close: () => app.close() };
}

function addRunRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { ledger } = deps;
  app.post('/v1/runs', async (request, reply) => {
    return answerAccepted(reply, await acceptSpec(request.body, deps), ledger);
  });
  app.get<{ Params: { id: string } }>('/v1/runs/:id', async (request, reply) => {
    const run = await readWholeRun(request.params.id, ledger);
    return run ? wholeRunAnswer(run) : notFound(reply, request.params.id);
  });
  app.delete<{ Params: { id: string } }>('/v1/runs/:id', async (request, reply) => {
    const { id } = request.params;
    const kind = await ledger.deleteRun(id);
    if (kind === 'unknown') return notFound(reply, id);
    if (kind === 'deleted') return reply.code(204).send();
    const message = `Run ${id} is not settled. Cancel it first, or wait for its verdict.`;
    return reply.code(409).send({ error: 'run_open', message });
  });
  app.get('/v1/backlog', async () => ({ backlog: await backlogOf(ledger) }));
  app.post<{ Params: { id: string } }>('/v1/runs/:id/cancel', async (request, reply) => {
    const run = await ledger.getRun(request.params.id);
    if (!run) return notFound(reply, request.params.id);
    await ledger.requestCancel(run.runId);
    const now = await readWholeRun(run.runId, ledger);
    return reply.code(202).send(now ? wholeRunAnswer(now) : runAnswer(run));
  });
}

function addStatusRoutes(app: FastifyInstance, { ledger, supervisor, metrics }: HttpDeps): void {
  app.get('/livez', async (_request, reply) => {
    const isAlive = supervisor.silentMs < SILENCE_MS_MAX;
    return reply.code(isAlive ? 200 : 503).send(isAlive ? 'ok\n' : 'the supervisor hangs\n');
  });
  app.get('/readyz', async (_request, reply) => {
    const isReady = await ledger.ping().then(
      () => true,
      () => false,
    );
    return reply.code(isReady ? 200 : 503).send(isReady ? 'ok\n' : 'Redis does not answer\n');
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await metrics.metrics()),
  );
}
