import { systemClock } from '@rowparity/runtime';
import { makeTopic } from '@rowparity/testkit';
import { freshTopic, kafkaServer } from '@rowparity/testkit/vitest';
import { expect, it } from 'vitest';
import { transportConformance } from '../conformance/transport.conformance.ts';
import { kafkaClient } from './kafkaClient.ts';
import { KAFKA_CLIENTS } from './kafkaSender.ts';
import { KafkaTransport } from './kafkaTransport.ts';
import { mutedBroker } from './testing/mutedBroker.ts';
import { readTopic } from './testing/readTopic.ts';

const settings = () => ({ brokers: kafkaServer().brokers, clock: systemClock });

for (const client of KAFKA_CLIENTS) {
  transportConformance(client, async () => {
    const wire = mutedBroker();
    const transport = new KafkaTransport({
      ...settings(),
      client,
      compression: 'none',
      deliveryMs: 5000,
    });
    return {
      transport,
      topics: [await freshTopic(4), await freshTopic()],
      noTopic: 'no-such-topic',
      tooManyBytes: 3_000_000,
      arrived: (topic) => readTopic(settings(), topic),
      silence: { begin: () => wire.mute(), restore: () => wire.unmute() },
      async cleanUp() {
        await transport.close();
        wire.restore();
      },
    };
  });
}

it('a key is on one partition, whichever client sends it', async () => {
  const topic = await freshTopic(16);
  const keys = Array.from({ length: 200 }, (_, i) => `["orders",{"id":"${i * 7919}"}]`);
  for (const client of KAFKA_CLIENTS) {
    const transport = new KafkaTransport({ ...settings(), client });
    const messages = keys.map((key) => ({ topic, key, value: client }));
    expect(await transport.send(messages, new AbortController().signal)).toEqual([]);
    await transport.close();
  }
  const byKey = Map.groupBy(await readTopic(settings(), topic), ({ key }) => key);
  expect([...byKey.values()].map((found) => found.length)).toEqual(keys.map(() => KAFKA_CLIENTS.length));
  for (const found of byKey.values()) expect(new Set(found.map(({ partition }) => partition)).size).toBe(1);
});

it.each(KAFKA_CLIENTS)(
  '%s: a topic that is made anew with fewer partitions takes messages again',
  {
    timeout: 90_000,
  },
  async (client) => {
    const topic = await freshTopic(8);
    const transport = new KafkaTransport({ ...settings(), client });
    const batch = (name: string) =>
      Array.from({ length: 40 }, (_, i) => ({ topic, key: `${i}`, value: `${name} ${i}` }));
    expect(await transport.send(batch('before'), new AbortController().signal)).toEqual([]);
    const admin = kafkaClient(settings()).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await makeTopic(admin, { topic, numPartitions: 1 });
    await admin.disconnect();
    expect(await transport.send(batch('after'), new AbortController().signal)).toEqual([]);
    await transport.close();
    const values = new Set((await readTopic(settings(), topic)).map(({ value }) => value));
    expect(values).toEqual(new Set(batch('after').map(({ value }) => value)));
  },
);
