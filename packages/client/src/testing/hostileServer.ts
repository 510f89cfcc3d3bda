/** A server on this machine that answers as a test tells it: one answer a request, the last one for all that follow. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answering = (response: ServerResponse, request: IncomingMessage) => void;

export interface HostileServer {
  readonly url: string;
  /** What came, such as `GET /v1/runs`. */
  readonly asked: readonly string[];
  readonly authorizations: readonly (string | undefined)[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function hostileServer(
  ...answers: readonly [Answering, ...Answering[]]
): Promise<HostileServer> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const answer = answers[Math.min(asked.length, answers.length - 1)] as Answering;
    asked.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers.authorization);
    request.once('end', () => answer(response, request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ asked, authorizations },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answering =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));

/** A proxy's page. */
export const page =
  (status: number): Answering =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');

export const cut: Answering = (response) => void response.destroy();

export const cutMidway: Answering = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"runId":', () => response.destroy());
};

export const silent: Answering = () => undefined;
