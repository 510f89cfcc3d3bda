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
