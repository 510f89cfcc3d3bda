import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { systemClock } from '@rowparity/runtime';
import { expect, it } from 'vitest';
import { BrokersUnreachable } from '../transport/transport.ts';
import type { KafkaLogLine } from './kafkaClient.ts';
import { KAFKA_CLIENTS } from './kafkaSender.ts';
import { KafkaTransport } from './kafkaTransport.ts';

const MESSAGE = { topic: 'dbMove', key: 'k', value: 'v' };

it.each(KAFKA_CLIENTS)(
  '%s: brokers that refuse are one line, however often they are tried and by however many clients',
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
