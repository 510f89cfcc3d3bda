import { expect, it } from 'vitest';
import { createHttpApp } from './httpApp.ts';
import { createLog } from './log.ts';

const TOKEN = '0123456789abcdef';

async function app(config: { httpHost?: string; httpToken?: string } = {}) {
  const warnings: string[] = [];
  const log = createLog('test', 'silent');
  log.warn = ((message: string) => void warnings.push(message)) as typeof log.warn;
  const http = await createHttpApp({
    name: 'test',
    log,
    config: { httpHost: config.httpHost ?? '127.0.0.1', httpToken: config.httpToken },
  });
  http.get('/v1/it', async () => ({ it: true }));
  http.post('/v1/it', async (request) => request.body);
  http.get('/livez', async () => 'ok');
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
