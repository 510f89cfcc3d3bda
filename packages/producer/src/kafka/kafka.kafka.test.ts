import { encodeEvent } from '@rowparity/contracts';
import { eventOf, eventSinkConformance } from '@rowparity/core/conformance/eventSink';
import { systemClock } from '@rowparity/runtime';
import { freshTopic, kafkaServer } from '@rowparity/testkit/vitest';
import { describe, expect, it } from 'vitest';
import { createProducer } from '../createProducer.ts';
import { FlushError, type ProducerMessage } from '../messages/message.ts';
import { kafkaEventSink } from '../sinks/kafkaEventSink.ts';
import { MessageTooLarge, TopicUnusable } from '../transport/transport.ts';
import { checkKafka } from './checkKafka.ts';
import { kafkaClient } from './kafkaClient.ts';
import { KAFKA_CLIENTS } from './kafkaSender.ts';
import { KafkaTransport } from './kafkaTransport.ts';
import { readTopic } from './testing/readTopic.ts';

const never = new AbortController().signal;
const settings = () => ({ brokers: kafkaServer().brokers, clock: systemClock });
const message = (topic: string, value: string, key = 'k'): ProducerMessage => ({ topic, key, value });

describe.each(KAFKA_CLIENTS)('%s', (client) => {
  for (const mode of ['sync', 'async'] as const) {
    eventSinkConformance(`Kafka by ${client}, ${mode}`, async () => {
      const topic = await freshTopic(3);
      const producer = createProducer({
        clock: systemClock,
        transport: new KafkaTransport({ ...settings(), client }),
        mode,
      });
      return {
        sink: kafkaEventSink({ producer, topic, format: 'full' }),
        arrived: async () => (await readTopic(settings(), topic)).map(({ value }) => value),
        cleanUp: () => producer.close(),
      };
    });
  }

  it('an event arrives with its key, its headers and the bytes of the wire', async () => {
    const topic = await freshTopic();
    const producer = createProducer({
      clock: systemClock,
      transport: new KafkaTransport({ ...settings(), client }),
    });
    const sink = kafkaEventSink({ producer, topic, format: 'minimal' });
    await sink.publish([eventOf(10n)], never);
    await sink.flush(never);
    await producer.close();
    expect(await readTopic(settings(), topic)).toEqual([
      {
        partition: 0,
        key: '["orders",{"id":"10"}]',
        value: encodeEvent(eventOf(10n).event, 'minimal'),
        headers: {
          'rowparity-schema': '2',
          'rowparity-shard': '7',
          'rowparity-run': 'run-1',
          'rowparity-event-id': 'event-10',
        },
      },
    ]);
  });

  it('messages of one key are on one partition, and keys are spread', async () => {
    const topic = await freshTopic(4);
    const producer = createProducer({
      clock: systemClock,
      transport: new KafkaTransport({ ...settings(), client }),
    });
    const keys = Array.from({ length: 40 }, (_, i) => `key-${i}`);
    await producer.sendBatch([...keys, ...keys].map((key, i) => message(topic, `${i}`, key)));
    await producer.close();
    const partitionOf = Map.groupBy(await readTopic(settings(), topic), ({ key }) => key);
    expect(
      [...partitionOf.values()].every(
        (seen) => seen.length === 2 && seen[0]?.partition === seen[1]?.partition,
      ),
    ).toBe(true);
    expect(new Set([...partitionOf.values()].map((seen) => seen[0]?.partition)).size).toBe(4);
  });

  it('a message that the broker finds too large is named, and the others of its batch arrive', async () => {
    const topic = await freshTopic();
    const producer = createProducer({
      clock: systemClock,
      transport: new KafkaTransport({ ...settings(), client, compression: 'none' }),
    });
    const large = message(topic, 'x'.repeat(3_000_000), 'large');
    const others = Array.from({ length: 20 }, (_, i) => message(topic, `${i}`, `key-${i}`));
    await producer.sendBatch([...others.slice(0, 10), large, ...others.slice(10)]);
    const error = (await producer.flush().catch((reason: unknown) => reason)) as FlushError;
    expect(error).toBeInstanceOf(FlushError);
    expect(error.failed.map((failed) => failed.message)).toEqual([large]);
    expect(error.failed[0]?.error).toBeInstanceOf(MessageTooLarge);
    await producer.send(message(topic, 'after'));
    await producer.close();
    const values = new Set((await readTopic(settings(), topic)).map(({ value }) => value));
    expect(values).toEqual(new Set([...others.map(({ value }) => value), 'after']));
  });

  it('a missing topic fails its own messages only, and says which topic', { timeout: 60_000 }, async () => {
    const topic = await freshTopic();
    const producer = createProducer({
      clock: systemClock,
      transport: new KafkaTransport({ ...settings(), client }),
    });
    await producer.sendBatch([message('no-such-topic', 'lost'), message(topic, 'arrives')]);
    const error = (await producer.flush().catch((reason: unknown) => reason)) as FlushError;
    expect(error.failed.map((failed) => failed.message.value)).toEqual(['lost']);
    expect(error.failed[0]?.error).toBeInstanceOf(TopicUnusable);
    expect(error.failed[0]?.error.message).toContain('no-such-topic');
    await producer.close();
    expect((await readTopic(settings(), topic)).map(({ value }) => value)).toEqual(['arrives']);
  });

  it('ten thousand messages at once all arrive', { timeout: 60_000 }, async () => {
    const topic = await freshTopic(3);
    const producer = createProducer({
      clock: systemClock,
      transport: new KafkaTransport({ ...settings(), client }),
    });
    const messages = Array.from({ length: 10_000 }, (_, i) => message(topic, `{"ID":${i}}`, `key-${i}`));
    await producer.sendBatch(messages);
    await producer.flush();
    await producer.close();
    expect(await readTopic(settings(), topic)).toHaveLength(10_000);
  });
});

it('a check finds the topic, makes it where asked, and otherwise says what to do', async () => {
  const topic = await freshTopic();
  const other = `${topic}-other`;
  expect(await checkKafka(settings())).toMatchObject({ brokers: 1, topic: 'not asked' });
  expect(await checkKafka({ ...settings(), topic })).toMatchObject({ topic: 'found' });
  await expect(checkKafka({ ...settings(), topic: other })).rejects.toMatchObject({
    class: 'configuration',
    message: expect.stringContaining(other),
  });
  expect(await checkKafka({ ...settings(), topic: other, createPartitions: 3 })).toMatchObject({
    topic: 'created',
  });
  const admin = kafkaClient(settings()).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [other] });
  await admin.disconnect();
  expect(topics[0]?.partitions).toHaveLength(3);
});
