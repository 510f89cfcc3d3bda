import { expect, it } from 'vitest';
import { createHttpApp } from './httpApp.ts';
import { createLog } from './log.ts';

const TOKEN = '0123456789abcdef';

async function app(config: { httpHost?: string; httpToken?: string; metricsToken?: string } = {}) {
  const warnings: string[] = [];
  const log = createLog('test', 'silent');
  log.warn = ((message: string) => void warnings.push(message)) as typeof log.warn;
  const http = await createHttpApp({
    name: 'test',
    log,
    config: { httpToken: undefined, metricsToken: undefined, httpHost: '127.0.0.1', ...config },
  });
  http.get('/v1/it', async () => ({ it: true }));
  http.post('/v1/it', async (request) => request.body);
  http.get('/v1/runs/:id', async (request) => request.params);
  http.get('/metrics', async () => 'metrics');
  http.get('/livez', async () => 'ok');
  http.get('/readyz', async () => 'ok');
  http.get('/unreadable', async () => {
    throw Object.assign(new Error('run r-1 cannot be read'), { code: 'RUN_UNREADABLE' });
  });
  http.get('/fault', async () => {
    throw new Error('secret-word');
  });
  return { http, warnings };
}

it('with a token, /v1 wants it and the probes do not', async () => {
  const { http } = await app({ httpToken: TOKEN });
  const status = async (url: string, authorization?: string) =>
    (await http.inject({ url, headers: authorization ? { authorization } : {} })).statusCode;
  expect(await status('/v1/it')).toBe(401);
  expect(await status('/v1/it', 'Bearer wrong')).toBe(401);
  expect(await status('/v1/it', `Basic ${TOKEN}`)).toBe(401);
  expect(await status('/v1/it', `Bearer ${TOKEN}x`)).toBe(401);
  expect(await status('//v1/it')).toBe(401);
  expect(await status('/livez?x=/v1/it')).toBe(200);
  expect(await status('/v1/it', `Bearer ${TOKEN}`)).toBe(200);
});

it('metrics want a token where one is set: that of /v1 or their own, which opens nothing else', async () => {
  const statusOf = async (config: object, url: string, token?: string) => {
    const { http } = await app(config);
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    return (await http.inject({ url, headers })).statusCode;
  };
  const METRICS = 'fedcba9876543210';
  expect(await statusOf({}, '/metrics')).toBe(200);
  expect(await statusOf({ httpToken: TOKEN }, '/metrics')).toBe(401);
  expect(await statusOf({ httpToken: TOKEN }, '/metrics', TOKEN)).toBe(200);
  const both = { httpToken: TOKEN, metricsToken: METRICS };
  expect(await statusOf(both, '/metrics')).toBe(401);
  expect(await statusOf(both, '/metrics', METRICS)).toBe(200);
  expect(await statusOf(both, '/metrics?x=1', TOKEN)).toBe(200);
  expect(await statusOf(both, '/v1/it', METRICS)).toBe(401);
  expect(await statusOf({ metricsToken: METRICS }, '/metrics')).toBe(401);
  expect(await statusOf({ metricsToken: METRICS }, '/v1/it')).toBe(200);
  for (const url of ['/livez', '/readyz']) expect(await statusOf(both, url)).toBe(200);
});

it('an address that shows wrong tokens is refused, also with the right token; others are not', async () => {
  const { http } = await app({ httpToken: TOKEN });
  const ask = (token: string, remoteAddress: string, url = '/v1/it') =>
    http.inject({ url, remoteAddress, headers: { authorization: `Bearer ${token}` } });
  const codes = new Set<number>();
  for (let i = 0; i < 40; i += 1) codes.add((await ask(`wrong-${i}`, '10.0.0.1')).statusCode);
  expect(codes).toEqual(new Set([401, 429]));
  const refused = await ask(TOKEN, '10.0.0.1');
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask(TOKEN, '10.0.0.1', '/metrics')).statusCode).toBe(429);
  expect((await ask('', '10.0.0.1', '/livez')).statusCode).toBe(200);
  expect((await ask(TOKEN, '10.0.0.2')).statusCode).toBe(200);
});

it.each(['run:totals', 'a%3Atotals', 'a%0ab', '%00', 'x'.repeat(101), '..%2f'])(
  'what is no run id reaches nothing: %j',
  async (id) => {
    const { http } = await app();
    expect([400, 404, 414]).toContain((await http.inject(`/v1/runs/${id}`)).statusCode);
    expect((await http.inject('/v1/runs/orders-1.b_2')).statusCode).toBe(200);
  },
);

it('a run that cannot be read is a conflict with its reason, not an unavailable service', async () => {
  const answer = await (await app()).http.inject('/unreadable');
  expect(answer.statusCode).toBe(409);
  expect(answer.json()).toEqual({ error: 'run_unreadable', message: 'run r-1 cannot be read' });
});

it('listening for others without a token is warned of', async () => {
  expect((await app({ httpHost: '0.0.0.0' })).warnings).toHaveLength(1);
  expect((await app({ httpHost: '0.0.0.0', httpToken: TOKEN })).warnings).toEqual([]);
  expect((await app()).warnings).toEqual([]);
});

it('bodies are limited, and nonsense is refused with a reason', async () => {
  const { http } = await app();
  const post = (payload: string) =>
    http.inject({ method: 'POST', url: '/v1/it', payload, headers: { 'content-type': 'application/json' } });
  expect((await post(`"${'x'.repeat(2_000_000)}"`)).statusCode).toBe(413);
  expect((await post('{"a":')).statusCode).toBe(400);
  expect((await post('{"__proto__":{"a":1}}')).statusCode).toBe(400);
});

it('more requests than a minute allows are refused, the probes never', async () => {
  const { http } = await app();
  const codes = new Set<number>();
  for (let i = 0; i < 12_100; i += 1) codes.add((await http.inject('/v1/it')).statusCode);
  expect(codes).toEqual(new Set([200, 429]));
  expect((await http.inject('/livez')).statusCode).toBe(200);
});

it('a fault is told without its text', async () => {
  const answer = await (await app()).http.inject('/fault');
  expect(answer.statusCode).toBe(503);
  expect(answer.body).not.toContain('secret-word');
});
