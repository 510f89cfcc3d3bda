/** The HTTP side of a service: limits, one form of errors, and tokens. */
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { BODY_BYTES_MAX, notThere, refusalOf, refuseBroken, type ThrownError } from './httpRefusals.ts';
import { listenFault } from './listenFault.ts';
import type { Log } from './log.ts';
import { isProbe, type TokenGuard, type TokenOptions, tokenGuard } from './tokenGuard.ts';

/** Per address, which many clients may share. An answer costs a few reads of Redis, so this many are a small load. */
const REQUESTS_A_MINUTE_MAX = 12_000;
/** A run id has at most 100 characters, and each may be written as three. */
const PARAMETER_CHARACTERS_MAX = 300;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export interface HttpAppDeps {
  readonly name: string;
  readonly log: Log;
  readonly config: { readonly httpHost: string } & TokenOptions;
  /** Paths beside the probes that need no token: those of files that tell of no run. */
  readonly isOpenPath?: (path: string) => boolean;
}

/** /livez and /readyz need no token: their clients have none, and the answers contain no spec. */
export async function createHttpApp({
  name,
  log,
  config,
  isOpenPath,
}: HttpAppDeps): Promise<FastifyInstance> {
  const onError = (error: ThrownError, request: FastifyRequest, reply: FastifyReply) => {
    const refusal = refusalOf(error, request.headers['content-type']);
    if (refusal) return reply.code(refusal.status).send(refusal.body);
    log.error({ err: error }, 'http');
    const message = `The ${name} could not answer; see its log.`;
    return reply.code(503).send({ error: 'unavailable', message });
  };
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS_MAX },
    clientErrorHandler: refuseBroken,
    frameworkErrors: onError,
  });
  // Only JSON is read: a spec that is sent as text is refused with the header that it needs.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(onError);
  keepRoutes(app);
  requireTokens(app, tokenGuard({ ...config, isOpenPath }));
  await app.register(rateLimit, {
    max: REQUESTS_A_MINUTE_MAX,
    timeWindow: '1 minute',
    allowList: ({ url }) => isProbe(url),
  });
  if (config.httpToken === undefined && !LOOPBACK.has(config.httpHost)) {
    log.warn(
      `Listening on ${config.httpHost} without a token: every client that reaches this port may order and cancel runs. Set ROWPARITY_HTTP_TOKEN, or restrict access to the port.`,
    );
  }
  return app;
}

/** Resolves to the address. Throws a ConfigurationError that names the option where the port cannot be had. */
export async function listen(
  app: FastifyInstance,
  config: { readonly httpHost: string; readonly httpPort: number },
): Promise<string> {
  return app.listen({ host: config.httpHost, port: config.httpPort }).catch((error: unknown) => {
    throw listenFault(error, config);
  });
}

function requireTokens(app: FastifyInstance, guard: TokenGuard): void {
  app.addHook('onRequest', async ({ url, headers, ip }, reply) => {
    const refusal = guard({ url, authorization: headers.authorization, address: ip });
    if (refusal) await reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
  });
}

export interface RegisteredRoute {
  readonly method: string;
  readonly path: string;
}

const registered = new WeakMap<FastifyInstance, RegisteredRoute[]>();

/** Every route of the app, however it was registered; without the HEAD that each GET has. */
export function registeredRoutes(app: FastifyInstance): readonly RegisteredRoute[] {
  return registered.get(app) ?? [];
}

/** What is not there is refused in the words of what is. */
function keepRoutes(app: FastifyInstance): void {
  const routes: RegisteredRoute[] = [];
  registered.set(app, routes);
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push({ method: one, path: url });
  });
  app.setNotFoundHandler(({ method, url }, reply) => {
    const allowed = routes.filter(({ path }) => isOfPath(url, path)).map((route) => route.method);
    const { status, body } = notThere({ method, url, allowed });
    if (allowed.length > 0) void reply.header('allow', allowed.join(', '));
    return reply.code(status).send(body);
  });
}

function isOfPath(url: string, path: string): boolean {
  const asked = (url.split('?')[0] ?? '').split('/');
  const parts = path.split('/');
  return asked.length === parts.length && parts.every((part, i) => part.startsWith(':') || part === asked[i]);
}
