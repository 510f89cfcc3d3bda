/**
 * Checks the token of a request: probes and the files of a web page need none, /metrics takes one of two tokens, all
 * else needs the token of /v1.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpError } from '@rowparity/contracts';
import { WrongTokens } from './wrongTokens.ts';

export interface TokenOptions {
  readonly httpToken: string | undefined;
  /** For /metrics alone, which the token of /v1 opens, too. */
  readonly metricsToken: string | undefined;
}

export interface Asking {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly address: string;
}

export interface Refusal {
  readonly status: 401 | 429;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: HttpError;
}

/** Undefined: the question may be answered. */
export type TokenGuard = (asking: Asking) => Refusal | undefined;

export interface TokenGuardDeps extends TokenOptions {
  /** Paths beside the probes that need no token; none when left out. */
  readonly isOpenPath?: ((path: string) => boolean) | undefined;
}

export function tokenGuard(
  { httpToken, metricsToken, isOpenPath = () => false }: TokenGuardDeps,
  wrong: WrongTokens = new WrongTokens(),
): TokenGuard {
  const ofAll = digests([httpToken]);
  const ofMetrics = digests([httpToken, metricsToken]);
  return ({ url, authorization, address }) => {
    if (isProbe(url) || isOpenPath(pathOf(url))) return undefined;
    const isMetrics = pathOf(url) === '/metrics';
    const expected = isMetrics ? ofMetrics : ofAll;
    if (expected.length === 0) return undefined;
    const waitMs = wrong.waitMs(address);
    if (waitMs > 0) return tooMany(waitMs);
    const shown = shownToken(authorization);
    if (shown !== undefined && isOneOf(shown, expected)) return undefined;
    // A request without a token is not counted as a guess.
    if (shown !== undefined) wrong.add(address);
    return tokenNeeded(isMetrics);
  };
}

/** Kubernetes asks these, and they tell of no run. */
export function isProbe(url: string): boolean {
  const path = pathOf(url);
  return path === '/livez' || path === '/readyz';
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? '';
}

function shownToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [scheme = '', token = ''] = authorization.split(' ');
  return scheme.toLowerCase() === 'bearer' ? token : '';
}

/** All are compared, each in the same time for every token. */
function isOneOf(shown: string, expected: readonly Buffer[]): boolean {
  const digest = digestOf(shown);
  return expected.map((one) => timingSafeEqual(digest, one)).includes(true);
}

function digests(tokens: readonly (string | undefined)[]): Buffer[] {
  return tokens.flatMap((token) => (token === undefined ? [] : [digestOf(token)]));
}

/** Of one length for every token. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function tokenNeeded(isMetrics: boolean): Refusal {
  const variable = isMetrics ? 'ROWPARITY_METRICS_TOKEN or ROWPARITY_HTTP_TOKEN' : 'ROWPARITY_HTTP_TOKEN';
  const message = `Expected the token of this service: Authorization: Bearer <${variable}>.`;
  return { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: { error: 'token_needed', message } };
}

function tooMany(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `Too many wrong tokens came from this address. Ask again in ${seconds} s.`;
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { error: 'too_many_wrong_tokens', message },
  };
}
