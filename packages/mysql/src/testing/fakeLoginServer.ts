/** For tests: a server that asks for a login in the way it is told to, and keeps every byte that the client sends. */
import { generateKeyPairSync } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface FakeLoginServer {
  readonly port: number;
  /** What clients sent. */
  sent(): Buffer;
  close(): Promise<void>;
}

const SCRAMBLE = Buffer.from('abcdefghijklmnopqrst');
const FULL_LOGIN = Buffer.from([1, 4]);
const KEY_REQUESTS: readonly string[] = ['\x01', '\x02'];
const PROTOCOL_41_SECURE_PLUGINS = 0x0008_a20b;

/** `greeting` is the plugin that the server names first, `plugin` the one that it then switches to. */
export async function startFakeLoginServer(answers: {
  readonly greeting: string;
  readonly plugin: string;
}): Promise<FakeLoginServer> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicKey.export({ type: 'spki', format: 'pem' });
  const chunks: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    send(socket, 0, greeting(answers.greeting));
    socket.on('data', (data) => {
      chunks.push(data);
      const [sequence, body] = [data[3] ?? 0, data.subarray(4).toString('latin1')];
      if (sequence === 1) send(socket, 2, switchTo(answers.plugin));
      else if (KEY_REQUESTS.includes(body)) send(socket, sequence + 1, Buffer.from(`\x01${key}`));
      else send(socket, sequence + 1, FULL_LOGIN);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => Buffer.concat(chunks),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function greeting(plugin: string): Buffer {
  const capabilities = Buffer.alloc(4);
  capabilities.writeUInt32LE(PROTOCOL_41_SECURE_PLUGINS);
  return Buffer.concat([
    Buffer.from('\x0a9.7.0-fake\0\x01\0\0\0', 'latin1'),
    SCRAMBLE.subarray(0, 8),
    Buffer.from([0]),
    capabilities.subarray(0, 2),
    Buffer.from([255, 2, 0]),
    capabilities.subarray(2),
    Buffer.from([21]),
    Buffer.alloc(10),
    SCRAMBLE.subarray(8),
    Buffer.from(`\0${plugin}\0`),
  ]);
}

function switchTo(plugin: string): Buffer {
  return Buffer.concat([Buffer.from(`\xfe${plugin}\0`, 'latin1'), SCRAMBLE, Buffer.from([0])]);
}

function send(socket: Socket, sequence: number, body: Buffer): void {
  const head = Buffer.from([body.length & 0xff, body.length >> 8, 0, sequence]);
  socket.write(Buffer.concat([head, body]));
}
