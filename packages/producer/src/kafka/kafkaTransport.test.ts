import { systemClock } from '@rowparity/runtime';
import { expect, it } from 'vitest';
import type { KafkaLogLine } from './kafkaClient.ts';
import { KafkaTransport } from './kafkaTransport.ts';

it('brokers that refuse are one line, however often they are tried and by however many clients', async () => {
  const lines: KafkaLogLine[] = [];
  const onLog = (line: KafkaLogLine) => void lines.push(line);
  const transport = new KafkaTransport({
    clock: systemClock,
    brokers: ['127.0.0.1:1'],
    deliveryMs: 1000,
    onLog,
  });
  const message = { topic: 'dbMove', key: 'k', value: 'v' };
  const failed = await transport.send([message], new AbortController().signal);
  await transport.close();
  expect(failed).toMatchObject([{ message }]);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.level).toBe('error');
});
