/** The HTTP side of a service: limits, one form of errors, and a token for whoever asks for /v1. */
import { createHash, timingSafeEqual } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Log } from './log.ts';

/** A spec of a thousand tables with keys is well below this. */
const BODY_BYTES_MAX = 1024 * 1024;
/** Per address, behind which many may stand. An answer costs a few reads of Redis: this many are no burden yet. */
const REQUESTS_A_MINUTE_MAX = 12_000;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export interface HttpAppParts {
  readonly name: string;
  readonly log: Log;
  readonly config: { readonly httpHost: string; readonly httpToken: string | undefined };
}

/** /livez, /readyz and /metrics stay open: whoever asks for them has no token, and they tell of no spec. */
export async function createHttpApp({ name, log, config }: HttpAppParts): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: true });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ error: 'bad_request', message: error.message });
    log.error({ err: error }, 'http');
    const message = `The ${name} could not answer; see its log.`;
    return reply.code(503).send({ error: 'unavailable', message });
  });
  await app.register(rateLimit, {
    max: REQUESTS_A_MINUTE_MAX,
    timeWindow: '1 minute',
    allowList: ({ url }) => !isGuarded(url),
  });
  if (config.httpToken !== undefined) {
    requireToken(app, config.httpToken);
  } else if (!LOOPBACK.has(config.httpHost)) {
    log.warn(
      `Listening on ${config.httpHost} without a token: whoever reaches this port may order and cancel runs. Set ROWPARITY_HTTP_TOKEN, or see that nobody else does.`,
    );
  }
  return app;
}

function requireToken(app: FastifyInstance, token: string): void {
  const expected = digest(token);
  app.addHook('onRequest', async ({ url, headers }, reply) => {
    if (!isGuarded(url)) return;
    const [scheme = '', shown = ''] = (headers.authorization ?? '').split(' ');
    if (scheme.toLowerCase() === 'bearer' && timingSafeEqual(digest(shown), expected)) return;
    await reply.code(401).header('www-authenticate', 'Bearer').send({
      error: 'token_needed',
      message: 'Expected the token of this service: Authorization: Bearer <ROWPARITY_HTTP_TOKEN>.',
    });
  });
}

function isGuarded(url: string): boolean {
  const path = url.split('?')[0];
  return path !== '/livez' && path !== '/readyz' && path !== '/metrics';
}

/** Of one length, whatever is shown. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
