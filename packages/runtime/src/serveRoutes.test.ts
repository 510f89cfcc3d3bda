import { type HttpRoutes, runId } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createHttpApp, listen, registeredRoutes } from './httpApp.ts';
import { createLog } from './log.ts';
import { serveRoutes } from './serveRoutes.ts';
import { askRoute } from './testing/askRoute.ts';

const ROUTES = {
  getOne: {
    ...{ method: 'GET', path: '/v1/runs/:id', summary: 'One.', access: 'token' },
    params: z.strictObject({ id: runId }),
    query: z.strictObject({ isShort: z.enum(['true', 'false']).optional() }),
    answers: {
      200: { description: 'It.', schema: z.object({ id: z.string(), isShort: z.string().optional() }) },
    },
  },
  order: {
    ...{ method: 'POST', path: '/v1/orders', summary: 'Order.', access: 'token' },
    body: z.strictObject({ many: z.int().max(5) }),
    answers: { 204: { description: 'Ordered.', empty: true } },
  },
  lines: {
    ...{ method: 'GET', path: '/v1/lines', summary: 'Lines.', access: 'token' },
    answers: { 200: { description: 'Lines.', media: 'application/x-ndjson' } },
  },
} as const satisfies HttpRoutes;

async function* endless(signal: AbortSignal, onEnd: () => void) {
  try {
    while (!signal.aborted) {
      yield 'more\n';
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    onEnd();
  }
}

async function* lines() {
  yield '1\n';
  yield '2\n';
}

async function served() {
  const reached: unknown[] = [];
  const traces: unknown[] = [];
  const config = { httpToken: undefined, metricsToken: undefined, httpHost: '127.0.0.1' };
  const app = await createHttpApp({ name: 'test', log: createLog('test', 'silent'), config });
  serveRoutes(app, ROUTES, {
    getOne({ params, query: { isShort }, traceparent }) {
      reached.push(params);
      traces.push(traceparent);
      return { status: 200, body: { ...params, ...(isShort ? { isShort } : {}) } };
    },
    order({ body }) {
      reached.push(body);
      return { status: 204 };
    },
    lines: () => ({ status: 200, text: lines() }),
  });
  return { app, reached, traces };
}

it('a route of the contract is registered, and its answers are those of the contract', async () => {
  const { app } = await served();
  expect(registeredRoutes(app)).toEqual([
    { method: 'GET', path: '/v1/runs/:id' },
    { method: 'POST', path: '/v1/orders' },
    { method: 'GET', path: '/v1/lines' },
  ]);
  const found = await askRoute(app, ROUTES.getOne, { params: { id: 'r-1' }, query: 'isShort=true' });
  expect(found.json()).toEqual({ id: 'r-1', isShort: 'true' });
  expect((await askRoute(app, ROUTES.order, { body: { many: 5 } })).statusCode).toBe(204);
  expect((await askRoute(app, ROUTES.lines)).body).toBe('1\n2\n');
});

it('a handler is given the traceparent of the request, and none that W3C does not know', async () => {
  const { app, traces } = await served();
  const good = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  for (const traceparent of [good, 'x', '00-0-0-00'])
    await askRoute(app, ROUTES.getOne, { params: { id: 'r-1' }, headers: { traceparent } });
  await askRoute(app, ROUTES.getOne, { params: { id: 'r-1' } });
  expect(traces).toEqual([good, undefined, undefined, undefined]);
});

it.each([
  'run:totals',
  'a%3Atotals',
  'a%0ab',
  '%00',
  'x'.repeat(101),
  '..%2f',
  'x'.repeat(301),
  '%ff',
  '%zz',
])('what is no run id reaches no handler, and is a refusal in the one shape: %j', async (id) => {
  const { app, reached } = await served();
  const { statusCode, json } = await app.inject(`/v1/runs/${id}`);
  expect([400, 414]).toContain(statusCode);
  expect(json()).toMatchObject({ error: expect.stringMatching(/^bad_(?:parameter|request)$/) });
  expect(reached).toEqual([]);
  await askRoute(app, ROUTES.getOne, { params: { id: 'orders-1.b_2' } });
  expect(reached).toEqual([{ id: 'orders-1.b_2' }]);
});

it('a parameter that is wrong or unknown is refused with its name', async () => {
  const { app, reached } = await served();
  const asked = async (query: string) => {
    const answer = await askRoute(app, ROUTES.getOne, { params: { id: 'r-1' }, query });
    return [answer.statusCode, answer.json().error, answer.json().problems[0].path];
  };
  expect(await asked('isShort=yes')).toEqual([400, 'bad_parameter', 'isShort']);
  expect(await asked('isshort=true')).toEqual([400, 'bad_parameter', expect.any(String)]);
  expect(await asked('isShort=true&isShort=false')).toEqual([400, 'bad_parameter', 'isShort']);
  const surplus = await askRoute(app, ROUTES.lines, { query: 'limit=5' });
  expect([surplus.statusCode, surplus.json().problems[0].path]).toEqual([400, 'limit']);
  expect(reached).toEqual([]);
});

it('a body that the schema refuses reaches no handler, and every place is told', async () => {
  const { app, reached } = await served();
  for (const body of [{ many: 6 }, { many: '1' }, { many: 1, more: 2 }, 'null', '[]']) {
    const answer = await askRoute(app, ROUTES.order, { body });
    expect([answer.statusCode, answer.json().error]).toEqual([400, 'invalid_body']);
    expect(answer.json().problems.length).toBeGreaterThan(0);
  }
  expect((await askRoute(app, ROUTES.order)).json().error).toBe('invalid_body');
  expect(reached).toEqual([]);
});

it.each(['GET', 'HEAD'])('a text without an end ends with its client, asked by %s', async (method) => {
  const config = { httpToken: undefined, metricsToken: undefined, httpHost: '127.0.0.1' };
  const app = await createHttpApp({ name: 'test', log: createLog('test', 'silent'), config });
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  serveRoutes(
    app,
    { lines: ROUTES.lines },
    {
      lines: ({ signal }) => ({ status: 200, text: endless(signal, resolve) }),
    },
  );
  const url = await listen(app, { httpHost: '127.0.0.1', httpPort: 0 });
  const gone = new AbortController();
  const response = await fetch(`${url}/v1/lines`, { method, signal: gone.signal });
  expect(response.status).toBe(200);
  if (method === 'GET') gone.abort();
  await ended;
  await app.close();
});
