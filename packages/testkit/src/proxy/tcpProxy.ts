// A TCP link between a client and a server that can be made slow, cut, or silently dead. It does not read what
// goes over it. Bounded: so many connections at once, and so many bytes under way on each before it stops reading.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { freePort } from './freePort.ts';
import { Link } from './link.ts';
import type { Address, Weather } from './weather.ts';

export interface TcpProxy extends Address {
  set(weather: Weather): void;
  /** Resets every connection, on both ends; new ones are possible. */
  cut(): void;
  /** New connections lead there from now on; those that exist are cut. */
  leadTo(target: Address): void;
  readonly connections: number;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const CONNECTIONS_MAX = 1000;

export async function startTcpProxy(target: Address): Promise<TcpProxy> {
  const links = new Set<Link>();
  let leadsTo = target;
  let weather: Weather = { kind: 'fair' };

  const accept = (client: Socket) => {
    if (weather.kind === 'refused') {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const link = new Link(client, leadsTo, () => links.delete(link));
    link.set(weather);
    links.add(link);
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  server.maxConnections = CONNECTIONS_MAX;
  const port = await listen(server);
  const cut = () => {
    for (const link of [...links]) link.cut();
  };

  return {
    host: HOST,
    port,
    set(next) {
      weather = next;
      if (next.kind === 'refused') cut();
      else for (const link of links) link.set(next);
    },
    cut,
    leadTo(next) {
      leadsTo = next;
      cut();
    },
    get connections() {
      return links.size;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

async function listen(server: Server): Promise<number> {
  const port = await freePort();
  server.listen(port, HOST);
  await once(server, 'listening');
  return port;
}
