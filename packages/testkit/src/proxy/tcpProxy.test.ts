import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededRandom } from '../random/seededRandom.ts';
import { freePort } from './freePort.ts';
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts';
import type { Address } from './weather.ts';

let echo: Server;
let proxy: TcpProxy;
let sockets: Socket[];

beforeEach(async () => {
  echo = await answering((socket) => void socket.pipe(socket));
  proxy = await startTcpProxy(addressOf(echo));
  sockets = [];
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await proxy.close();
  echo.close();
});

async function answering(use: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    use(socket);
  });
  server.listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function addressOf(server: Server): Address {
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
}

function open(): Socket {
  const socket = connect({ host: proxy.host, port: proxy.port, allowHalfOpen: true });
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** `once` would throw the error that goes before. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

/** What comes back first, and how long that took; undefined when nothing does. */
async function said(
  socket: Socket,
  word: string,
  withinMs = 20_000,
): Promise<{ text: string; ms: number } | undefined> {
  const begin = performance.now();
  socket.write(word);
  const answer = once(socket, 'data').then(([bytes]) => String(bytes));
  const found = await Promise.race([answer.catch(() => undefined), sleep(withinMs)]);
  return found === undefined ? undefined : { text: found, ms: performance.now() - begin };
}

test('in fair weather every byte arrives, in order, and the end after them', async () => {
  const random = seededRandom(7);
  const sent = Array.from({ length: 300 }, () => random.hex(random.int(1, 5000)));
  const socket = open();
  for (const piece of sent) socket.write(piece);
  socket.end();
  expect(await text(socket)).toBe(sent.join(''));
  await expect.poll(() => proxy.connections).toBe(0);
});

test('with latency the answer comes that much later, twice', async () => {
  const socket = open();
  await said(socket, 'warm');
  proxy.set({ kind: 'latency', ms: 60 });
  const late = await said(socket, 'late');
  expect(late?.text).toBe('late');
  expect(late?.ms).toBeGreaterThan(115);
  proxy.set({ kind: 'fair' });
  // Less than twice the latency of before, as soon as the machine has time for it.
  await expect.poll(async () => (await said(socket, 'soon'))?.ms, { timeout: 20_000 }).toBeLessThan(115);
});

test('a throttled connection is as slow as it is told, and loses nothing', async () => {
  proxy.set({ kind: 'throttled', bytesPerSecond: 200_000 });
  const socket = open();
  const begin = performance.now();
  const sent = 'x'.repeat(60_000);
  socket.end(sent);
  expect(await text(socket)).toBe(sent);
  const ms = performance.now() - begin;
  expect(ms).toBeGreaterThan(280);
});

test('a slow reader holds the sender up: no more than a bound is under way', async () => {
  let taken = 0;
  const greedy = await answering(
    (socket) => void socket.on('data', (bytes: Buffer) => (taken += bytes.length)),
  );
  proxy.leadTo(addressOf(greedy));
  proxy.set({ kind: 'throttled', bytesPerSecond: 10_000 });
  const socket = open();
  const many = Buffer.alloc(64 * 1024 * 1024);
  const begin = performance.now();
  socket.write(many);
  await sleep(300);
  // The buffers of the system hold some megabytes beside the proxy's one.
  expect(socket.writableLength).toBeGreaterThan(many.length / 2);
  // What may have passed in that time, and what was let through before the first pause.
  expect(taken).toBeLessThan(100_000 + (performance.now() - begin) * 10);
  greedy.close();
});

test('a cut resets both ends, and new connections are possible', async () => {
  const socket = open();
  await said(socket, 'hello');
  const isCut = closed(socket);
  proxy.cut();
  await isCut;
  expect(socket.errored).toMatchObject({ code: 'ECONNRESET' });
  expect((await said(open(), 'again'))?.text).toBe('again');
});

test('a silent link drops data both ways without an error; old connections stay dead, new ones work', async () => {
  const old = open();
  await said(old, 'hello');
  proxy.set({ kind: 'silent' });
  expect(await said(old, 'lost', 100)).toBeUndefined();
  const during = open();
  await once(during, 'connect');
  expect(await said(during, 'lost too', 100)).toBeUndefined();
  proxy.set({ kind: 'fair' });
  expect(await said(old, 'still dead', 100)).toBeUndefined();
  expect(await said(during, 'still dead', 100)).toBeUndefined();
  expect([old.closed, during.closed]).toEqual([false, false]);
  expect((await said(open(), 'new'))?.text).toBe('new');
});

test('a refusing link cuts its connections and takes no new one until it is reset', async () => {
  const old = open();
  await said(old, 'hello');
  proxy.set({ kind: 'refused' });
  await closed(old);
  expect(await said(open(), 'anybody', 100)).toBeUndefined();
  proxy.set({ kind: 'fair' });
  expect((await said(open(), 'there'))?.text).toBe('there');
});

test('a link can lead to another server from now on', async () => {
  const loud = await answering(
    (socket) => void socket.on('data', (word) => socket.write(String(word).toUpperCase())),
  );
  const old = open();
  await said(old, 'hello');
  const isCut = closed(old);
  proxy.leadTo(addressOf(loud));
  await isCut;
  expect((await said(open(), 'hello'))?.text).toBe('HELLO');
  loud.close();
});

test('a server that is not there is a reset, not silence', async () => {
  echo.close();
  const socket = open();
  await closed(socket);
  expect(await said(socket, 'anybody', 50)).toBeUndefined();
});
