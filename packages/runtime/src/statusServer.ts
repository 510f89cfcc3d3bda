/** The small HTTP server of a process that has no other: /livez, /readyz and /metrics. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { listenFault } from './listenFault.ts';
import { type TokenOptions, tokenGuard } from './tokenGuard.ts';

export interface StatusChecks {
  /** False when the process has work and makes no progress: Kubernetes starts another. */
  isAlive(): boolean;
  isReady(): Promise<boolean>;
}

export interface StatusServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveStatus(
  address: { readonly httpHost: string; readonly httpPort: number } & TokenOptions,
  checks: StatusChecks,
  metrics: Registry,
): Promise<StatusServer> {
  const guard = tokenGuard(address);
  const server = createServer(async (request, response) => {
    const { url = '/', headers, socket } = request;
    const refusal = guard({ url, authorization: headers.authorization, address: socket.remoteAddress ?? '' });
    if (refusal) {
      response.writeHead(refusal.status, refusal.headers).end(`${refusal.body.message}\n`);
      return;
    }
    const answer = await answerTo(url, checks, metrics).catch(() => ({
      status: 503,
      body: 'fault\n',
    }));
    response.writeHead(answer.status, { 'content-type': 'text/plain; charset=utf-8' }).end(answer.body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFault(error, address)));
    server.listen(address.httpPort, address.httpHost, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address.httpHost}:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function answerTo(path: string, checks: StatusChecks, metrics: Registry) {
  switch (path.split('?')[0]) {
    case '/livez':
      return stateOf(checks.isAlive());
    case '/readyz':
      return stateOf(await checks.isReady());
    case '/metrics':
      return { status: 200, body: await metrics.metrics() };
    default:
      return { status: 404, body: 'expected /livez, /readyz or /metrics\n' };
  }
}

function stateOf(isWell: boolean) {
  return isWell ? { status: 200, body: 'ok\n' } : { status: 503, body: 'not ok\n' };
}
