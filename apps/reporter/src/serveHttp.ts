/** The reporter's HTTP: progress, report and certificate of a run, the list of runs, metrics. */

import { Readable } from 'node:stream';
import type { Clock, RunHeader } from '@rowparity/contracts';
import {
  certifiable,
  certificateText,
  invalidQuery,
  type LedgerReadings,
  listedRuns,
  type PauseReadings,
  PlanCache,
  reportOf,
} from '@rowparity/core';
import { createHttpApp, type Log, listen, type TokenOptions } from '@rowparity/runtime';
import { runMetrics } from './runMetrics.ts';

export interface HttpDeps {
  readonly ledger: LedgerReadings;
  readonly pauses?: PauseReadings;
  readonly log: Log;
  readonly clock: Clock;
}

export async function serveHttp(
  { ledger, pauses, log, clock }: HttpDeps,
  config: { readonly httpHost: string; readonly httpPort: number } & TokenOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = await createHttpApp({ name: 'reporter', log, config });
  const metrics = runMetrics(ledger);
  // Progress is asked for every second, and a plan never changes under its name.
  const { read: readPlan } = new PlanCache(ledger);
  app.get('/v1/runs', async (request, reply) => {
    const listed = await listedRuns(request.query, ledger);
    if (listed.kind === 'invalid') return reply.code(400).send(invalidQuery(listed));
    const { runs, unreadable, next } = listed;
    return { runs: runs.map(listedRun), unreadable, next };
  });
  for (const path of ['/v1/runs/:id/progress', '/v1/runs/:id/report']) {
    app.get<{ Params: { id: string } }>(path, async (request, reply) => {
      const report = await reportOf(request.params.id, { ledger, readPlan, pauses }, clock.now());
      if (report) return report;
      return reply
        .code(404)
        .send({ error: 'run_unknown', message: `There is no run "${request.params.id}".` });
    });
  }
  app.get<{ Params: { id: string } }>('/v1/runs/:id/certificate', async (request, reply) => {
    const { id } = request.params;
    const found = await certifiable(id, ledger);
    if (!found) return reply.code(404).send({ error: 'run_unknown', message: `There is no run "${id}".` });
    if (found.kind === 'damaged') {
      return reply.code(409).send({ error: 'run_damaged', message: found.failure.message });
    }
    if (found.kind === 'open') {
      const message = `Run "${id}" is ${found.state}. A certificate is written of a settled run.`;
      return reply.code(409).send({ error: 'run_not_settled', message });
    }
    return reply.type('application/x-ndjson').send(Readable.from(certificateText(found.run, ledger)));
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await metrics.text()),
  );
  app.get('/livez', async () => 'ok\n');
  app.get('/readyz', async () => {
    await ledger.ping();
    return 'ok\n';
  });
  const url = await listen(app, config);
  return { url, close: () => app.close() };
}

function listedRun({ runId, generation, state, verdict, pausedAt, createdAt, settledAt }: RunHeader) {
  return { runId, generation, state, verdict, paused: pausedAt !== null, createdAt, settledAt };
}
