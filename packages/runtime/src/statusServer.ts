/** The small HTTP server of a process that has no other: /livez, /readyz and /metrics. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpError } from '@rowparity/contracts';
import type { Registry } from 'prom-client';
import { listenFault } from './listenFault.ts';
import { type Refusal, type TokenOptions, tokenGuard } from './tokenGuard.ts';

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
    const answer: Answer = refusal ?? (await answerTo(url, checks, metrics).catch(() => FAULT));
    const isText = typeof answer.body === 'string';
    const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
    response
      .writeHead(answer.status, { ...('headers' in answer ? answer.headers : {}), 'content-type': type })
      .end(isText ? answer.body : JSON.stringify(answer.body));
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

/** A text, or a refusal in the shape that the other services have. */
type Answer = Refusal | { readonly status: number; readonly body: string | HttpError };

const OK: Answer = { status: 200, body: 'ok\n' };
const FAULT: Answer = unavailable('The check itself failed. Ask again.');

async function answerTo(path: string, checks: StatusChecks, metrics: Registry): Promise<Answer> {
  switch (path.split('?')[0]) {
    case '/livez':
      return checks.isAlive() ? OK : unavailable('The process has work and makes no progress.');
    case '/readyz':
      return (await checks.isReady()) ? OK : unavailable('The process cannot take work now; see its log.');
    case '/metrics':
      return { status: 200, body: await metrics.metrics() };
    default:
      return {
        status: 404,
        body: { error: 'path_unknown', message: 'Expected /livez, /readyz or /metrics.' },
      };
  }
}

function unavailable(message: string): Answer {
  return { status: 503, body: { error: 'unavailable', message } };
}
