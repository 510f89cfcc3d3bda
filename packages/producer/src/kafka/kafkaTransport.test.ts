import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { systemClock } from '@rowparity/runtime';
import { expect, it } from 'vitest';
import { BrokersUnreachable } from '../transport/transport.ts';
import type { KafkaLogLine } from './kafkaClient.ts';
import { KAFKA_CLIENTS } from './kafkaSender.ts';
import { KafkaTransport } from './kafkaTransport.ts';

const MESSAGE = { topic: 'dbMove', key: 'k', value: 'v' };
/** Prints how often the door of the library is loaded by a process that sends. */
const LOADED = `
import { registerHooks } from 'node:module';
import { setTimeout } from 'node:timers/promises';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
const { KafkaTransport } = await import(process.env.DOOR);
const clock = { steadyNow: () => performance.now(), sleep: (ms, signal) => setTimeout(ms, undefined, { signal }) };
const transport = new KafkaTransport({ brokers: ['127.0.0.1:1'], clock, client: process.env.CLIENT, deliveryMs: 1 });
await transport.send([${JSON.stringify(MESSAGE)}], new AbortController().signal);
await transport.close();
console.log(loaded.filter((url) => url.includes('@platformatic/kafka/dist/index.js')).length);
`;

it.each(KAFKA_CLIENTS)(
  '%s: brokers that refuse are one line, however often they are tried and by however many clients',
  { timeout: 20_000 },
  async (client) => {
    const lines: KafkaLogLine[] = [];
    const onLog = (line: KafkaLogLine) => void lines.push(line);
    const transport = new KafkaTransport({
      clock: systemClock,
      brokers: ['127.0.0.1:1'],
      client,
      deliveryMs: 1000,
      onLog,
    });
    const failed = await transport.send([MESSAGE], new AbortController().signal);
    await transport.close();
    expect(failed).toMatchObject([{ message: MESSAGE }]);
    expect(failed[0]?.error).toBeInstanceOf(BrokersUnreachable);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.level).toBe('error');
    expect(lines[0]?.message).toContain('127.0.0.1:1');
  },
);

it.each(KAFKA_CLIENTS)(
  '%s: a broker that resets the connection in the middle of a login is an outage',
  {
    timeout: 20_000,
  },
  async (client) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.resetAndDestroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const transport = new KafkaTransport({
      clock: systemClock,
      brokers: [`127.0.0.1:${port}`],
      sasl: { mechanism: 'plain', username: 'user', password: 'word' },
      client,
      deliveryMs: 1000,
    });
    const [failed] = await transport.send([MESSAGE], new AbortController().signal);
    await transport.close();
    server.close();
    expect(failed?.error).toBeInstanceOf(BrokersUnreachable);
  },
);

it.each([
  ['kafkajs', 0],
  ['platformatic', 1],
])(
  'a process that sends with %s loads @platformatic/kafka %i times',
  { timeout: 20_000 },
  async (client, times) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', LOADED], {
      env: { ...process.env, CLIENT: client, DOOR: import.meta.resolve('../index.ts') },
    });
    expect(stdout.trim()).toBe(String(times));
  },
);
