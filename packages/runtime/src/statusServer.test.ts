import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import { serveStatus } from './statusServer.ts';

const TOKEN = '0123456789abcdef';
const CHECKS = { isAlive: () => true, isReady: async () => true };
const serve = (config: { httpPort?: number; httpToken?: string; metricsToken?: string }) =>
  serveStatus(
    { httpHost: '127.0.0.1', httpPort: 0, httpToken: undefined, metricsToken: undefined, ...config },
    CHECKS,
    createMetrics('test'),
  );

it('the metrics of a worker want a token where one is set, its probes none', async () => {
  const server = await serve({ metricsToken: TOKEN });
  const status = async (path: string, token?: string) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    return (await fetch(`${server.url}${path}`, { headers })).status;
  };
  expect(await status('/metrics')).toBe(401);
  expect(await status('/metrics', 'wrong')).toBe(401);
  expect(await status('/metrics', TOKEN)).toBe(200);
  expect(await status('/livez')).toBe(200);
  expect(await status('/readyz')).toBe(200);
  await server.close();
});

it('what is not well, not there or not allowed is told in the one shape of refusals', async () => {
  const checks = { isAlive: () => false, isReady: () => Promise.reject(new Error('secret-word')) };
  const address = { httpHost: '127.0.0.1', httpPort: 0, httpToken: TOKEN, metricsToken: undefined };
  const server = await serveStatus(address, checks, createMetrics('test'));
  const told = async (path: string, token?: string) => {
    const answer = await fetch(
      `${server.url}${path}`,
      token ? { headers: { authorization: `Bearer ${token}` } } : {},
    );
    const { error, message, ...more } = (await answer.json()) as Record<string, unknown>;
    expect([typeof message, more]).toEqual(['string', {}]);
    expect(message).not.toContain('secret-word');
    return [answer.status, error];
  };
  expect(await told('/livez')).toEqual([503, 'unavailable']);
  expect(await told('/readyz')).toEqual([503, 'unavailable']);
  expect(await told('/nowhere')).toEqual([401, 'token_needed']);
  expect(await told('/nowhere', TOKEN)).toEqual([404, 'path_unknown']);
  expect(await told('/metrics')).toEqual([401, 'token_needed']);
  await server.close();
});

it('a port that another process has is a matter of configuration, and names the option', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { readonly port: number };
  await expect(serve({ httpPort: port })).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringMatching(/ROWPARITY_HTTP_PORT.*another process/),
  });
  other.close();
});
