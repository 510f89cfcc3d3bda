/** The HTTP side of a service: limits, one form of errors, and tokens. */
import rateLimit from '@fastify/rate-limit';
import { printable, runId } from '@rowparity/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import { listenFault } from './listenFault.ts';
import type { Log } from './log.ts';
import { isOpen, type TokenGuard, type TokenOptions, tokenGuard } from './tokenGuard.ts';

/** A spec of a thousand tables with keys is well below this. */
const BODY_BYTES_MAX = 1024 * 1024;
/** Per address, which many clients may share. An answer costs a few reads of Redis, so this many are a small load. */
const REQUESTS_A_MINUTE_MAX = 12_000;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
/** The client gets the message of our own errors; the message of any other error stays in the log. */
const TOLD: Readonly<Record<string, string>> = {
  RUN_UNREADABLE: 'run_unreadable',
  RUN_DAMAGED: 'run_damaged',
};
const MESSAGE_CHARACTERS_MAX = 2000;

export interface HttpAppDeps {
  readonly name: string;
  readonly log: Log;
  readonly config: { readonly httpHost: string } & TokenOptions;
}

/** /livez and /readyz need no token: their clients have none, and the answers contain no spec. */
export async function createHttpApp({ name, log, config }: HttpAppDeps): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: true });
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _request, reply) => {
    const message = printable(error.message, MESSAGE_CHARACTERS_MAX);
    const told = TOLD[error.code ?? ''];
    if (told) return reply.code(409).send({ error: told, message });
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ error: 'bad_request', message });
    log.error({ err: error }, 'http');
    const unavailable = `The ${name} could not answer; see its log.`;
    return reply.code(503).send({ error: 'unavailable', message: unavailable });
  });
  requireTokens(app, tokenGuard(config));
  expectRunIds(app);
  await app.register(rateLimit, {
    max: REQUESTS_A_MINUTE_MAX,
    timeWindow: '1 minute',
    allowList: ({ url }) => isOpen(url),
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

/** A run id is part of key names, so an invalid id is refused before any key is read. */
function expectRunIds(app: FastifyInstance): void {
  app.addHook('preHandler', async ({ params }, reply) => {
    const { id } = (params ?? {}) as { readonly id?: string };
    if (id === undefined || runId.safeParse(id).success) return;
    const message = `There is no run "${printable(id)}": expected an id of letters, digits, ".", "_" and "-".`;
    await reply.code(404).send({ error: 'run_unknown', message });
  });
}
