import { systemClock } from '@rowparity/runtime';
import { expect, it } from 'vitest';
import { BrokersUnreachable } from '../transport/transport.ts';
import type { KafkaLogLine } from './kafkaClient.ts';
import { KAFKA_CLIENTS } from './kafkaSender.ts';
import { KafkaTransport } from './kafkaTransport.ts';

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
    const message = { topic: 'dbMove', key: 'k', value: 'v' };
    const failed = await transport.send([message], new AbortController().signal);
    await transport.close();
    expect(failed).toMatchObject([{ message }]);
    expect(failed[0]?.error).toBeInstanceOf(BrokersUnreachable);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.level).toBe('error');
    expect(lines[0]?.message).toContain('127.0.0.1:1');
  },
);
