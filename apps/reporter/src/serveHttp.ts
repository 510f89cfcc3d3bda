/** The reporter's HTTP: its routes and their limits. */
import { isPagePath, REPORTER_ROUTES } from '@rowparity/contracts';
import { createHttpApp, listen, serveRoutes, type TokenOptions } from '@rowparity/runtime';
import { type HttpDeps, reporterHandlers } from './reporterHandlers.ts';

type HttpConfig = { readonly httpHost: string } & TokenOptions;

export async function serveHttp(
  deps: HttpDeps,
  config: HttpConfig & { readonly httpPort: number },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = await createReporterApp(deps, config);
  const url = await listen(app, config);
  return { url, close: () => app.close() };
}

export async function createReporterApp(deps: HttpDeps, config: HttpConfig) {
  const app = await createHttpApp({ name: 'reporter', log: deps.log, config, isOpenPath: isPagePath });
  serveRoutes(app, REPORTER_ROUTES, reporterHandlers(deps));
  return app;
}
