import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { httpError } from '@rowparity/contracts';
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
  expect([refused.statusCode, refused.json().error]).toEqual([429, 'too_many_wrong_tokens']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask(TOKEN, '10.0.0.1', '/metrics')).statusCode).toBe(429);
  expect((await ask('', '10.0.0.1', '/livez')).statusCode).toBe(200);
  expect((await ask(TOKEN, '10.0.0.2')).statusCode).toBe(200);
});

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

it.each([
  ['a body over the limit', { payload: `"${'x'.repeat(2_000_000)}"` }, 413, 'body_too_large'],
  ['half a body', { payload: '{"a":' }, 400, 'bad_json'],
  ['a polluted prototype', { payload: '{"__proto__":{"a":1}}' }, 400, 'bad_json'],
  ['no body where one is announced', { payload: '' }, 400, 'bad_json'],
  ['a text', { payload: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'media_type_unsupported'],
  [
    'a form',
    { payload: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'media_type_unsupported',
  ],
  ['a wrong method', { method: 'DELETE', payload: '{}' }, 405, 'method_not_allowed'],
  ['an unknown path', { url: '/v1/its', payload: '{}' }, 404, 'path_unknown'],
  ['a path of another place', { url: '/v2/it', method: 'GET' }, 404, 'path_unknown'],
  ['a path that is no text', { url: '/v1/%ff', method: 'GET' }, 400, 'bad_request'],
] as const)('%s is refused in the one shape, with what to do', async (_what, asked, status, error) => {
  const { http } = await app();
  const answer = await http.inject({
    ...{ method: 'POST', url: '/v1/it', headers: { 'content-type': 'application/json' } },
    ...asked,
  });
  expect([answer.statusCode, answer.json()]).toEqual([status, { error, message: expect.any(String) }]);
  expect(httpError.parse(answer.json())).toEqual(answer.json());
});

it('a path that has other methods tells them, and takes HEAD for GET', async () => {
  const { http } = await app();
  const answer = await http.inject({ method: 'PUT', url: '/v1/it' });
  expect(answer.headers.allow).toBe('GET, POST');
  expect((await http.inject({ method: 'HEAD', url: '/v1/it' })).statusCode).toBe(200);
});

it('what is no HTTP gets an answer in the one shape', async () => {
  const { http } = await app();
  const port = Number(new URL(await http.listen({ host: '127.0.0.1', port: 0 })).port);
  try {
    const sent = async (text: string) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(text);
      const [head = '', body = ''] = (await textOf(socket)).split('\r\n\r\n');
      return [Number(head.split(' ')[1]), JSON.parse(body).error];
    };
    expect(await sent('hello\r\n\r\n')).toEqual([400, 'bad_request']);
    expect(await sent(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`)).toEqual([
      431,
      'bad_request',
    ]);
  } finally {
    await http.close();
  }
});

it('more requests than a minute allows are refused, the probes never', async () => {
  const { http } = await app();
  const codes = new Set<number>();
  for (let i = 0; i < 12_100; i += 1) codes.add((await http.inject('/v1/it')).statusCode);
  expect(codes).toEqual(new Set([200, 429]));
  expect((await http.inject('/v1/it')).json().error).toBe('too_many_requests');
  expect((await http.inject('/livez')).statusCode).toBe(200);
});

it('a fault is told without its text', async () => {
  const answer = await (await app()).http.inject('/fault');
  expect(answer.statusCode).toBe(503);
  expect(answer.body).not.toContain('secret-word');
});
