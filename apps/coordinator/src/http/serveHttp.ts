/** The coordinator's HTTP: its routes and their limits. */
import { COORDINATOR_ROUTES } from '@rowparity/contracts';
import { createHttpApp, listen, serveRoutes, type TokenOptions } from '@rowparity/runtime';
import type { FastifyInstance } from 'fastify';
import { coordinatorHandlers, type HttpDeps } from './coordinatorHandlers.ts';

type HttpConfig = { readonly httpHost: string } & TokenOptions;

export async function serveHttp(
  deps: HttpDeps,
  config: HttpConfig & { readonly httpPort: number },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = await createCoordinatorApp(deps, config);
  const url = await listen(app, config);
  return { url, close: () => app.close() };
}

export async function createCoordinatorApp(deps: HttpDeps, config: HttpConfig): Promise<FastifyInstance> {
  const app = await createHttpApp({ name: 'coordinator', log: deps.log, config });
  serveRoutes(app, COORDINATOR_ROUTES, coordinatorHandlers(deps));
  return app;
}
