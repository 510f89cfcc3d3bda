/** `GET /v1/runs/:id/gate`: may the migration go on, as far as this run tells, and every reason why not. */
import { gateQuery } from '@rowparity/contracts';
import { gateOf, type ReportDeps, reportOf } from '@rowparity/core';
import type { createHttpApp } from '@rowparity/runtime';

export interface GateRouteDeps extends ReportDeps {
  readonly clock: { now(): number };
}

export function addGateRoute(
  app: Awaited<ReturnType<typeof createHttpApp>>,
  { clock, ...deps }: GateRouteDeps,
): void {
  app.get<{ Params: { id: string } }>('/v1/runs/:id/gate', async (request, reply) => {
    const query = gateQuery.safeParse(request.query);
    if (!query.success) {
      const problems = query.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      const message = 'The parameters are not valid; problems lists each of them.';
      return reply.code(400).send({ error: 'invalid_query', message, problems });
    }
    const { id } = request.params;
    const report = await reportOf(id, deps, clock.now());
    if (report) return gateOf(report, query.data, clock.now());
    return reply.code(404).send({ error: 'run_unknown', message: `There is no run "${id}".` });
  });
}
