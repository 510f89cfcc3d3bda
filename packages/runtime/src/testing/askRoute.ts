/** Asks a route of an app without a network, and holds each answer against its contract. Imports vitest. */
import { answersOf, type HttpRoute, httpErrorWith } from '@rowparity/contracts';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';

export interface AskedRoute {
  readonly params?: Readonly<Record<string, string>>;
  /** What stands behind "?". */
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function askRoute(
  app: FastifyInstance,
  route: HttpRoute,
  { params = {}, query, body, headers = {} }: AskedRoute = {},
): Promise<LightMyRequestResponse> {
  const path = route.path.replace(/:(\w+)/g, (_whole, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const response = await app.inject({
    method: route.method,
    url: query === undefined ? path : `${path}?${query}`,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  expectOfContract(route, response);
  return response;
}

/** Status, type and content are among the answers of the route; nothing is there that the schema does not have. */
export function expectOfContract(
  route: HttpRoute,
  { statusCode, headers, body }: LightMyRequestResponse,
): void {
  const answer = answersOf(route).get(statusCode);
  if (!answer)
    throw new Error(`${route.method} ${route.path}: ${statusCode} is no answer of its contract: ${body}`);
  const type = String(headers['content-type'] ?? '');
  if ('empty' in answer) expect(body).toBe('');
  else if ('file' in answer) expect(type).toMatch(/^[a-z]+\/[a-z+]+/);
  else if ('media' in answer) expect(type).toContain(answer.media);
  else {
    expect(type).toContain('application/json');
    const found: unknown = JSON.parse(body);
    const schema = 'codes' in answer ? httpErrorWith(answer.codes) : answer.schema;
    expect(schema.parse(found)).toEqual(found);
  }
}
