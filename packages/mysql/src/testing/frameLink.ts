/**
 * A link to a real server that spoils compressed frames on their way to the client, as a broken proxy or server would.
 * Everything goes through as it is until `spoil` is set; set it while the connection rests, so that a frame begins
 * there.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const HEADER_BYTES = 7;

export interface FrameLink {
  readonly host: string;
  readonly port: number;
  /** What the client gets of the n-th frame from then on; undefined: nothing, and the connection ends behind it. */
  spoil: ((frame: Buffer, n: number) => Buffer | undefined) | undefined;
  close(): Promise<void>;
}

export async function frameLink(target: {
  readonly host: string;
  readonly port: number;
}): Promise<FrameLink> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: target.host, port: target.port, noDelay: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
    client.pipe(upstream);
    let rest: Buffer = Buffer.alloc(0);
    let n = 0;
    upstream.on('data', (chunk: Buffer) => {
      if (!link.spoil) {
        client.write(chunk);
        return;
      }
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const end = rest.length < HEADER_BYTES ? Infinity : HEADER_BYTES + rest.readUIntLE(0, 3);
        if (rest.length < end) return;
        const spoiled = link.spoil(Buffer.from(rest.subarray(0, end)), n);
        n += 1;
        rest = rest.subarray(end);
        if (spoiled) client.write(spoiled);
        else {
          client.end();
          return;
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link: FrameLink = {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    spoil: undefined,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return link;
}
