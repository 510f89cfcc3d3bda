import { expect, test } from 'vitest';
import { kafkaClient } from '../servers/answers.ts';
import { freshTopic, kafkaServer } from './inject.ts';

test('a fresh topic takes and gives a message', async () => {
  const topic = await freshTopic();
  const kafka = kafkaClient(kafkaServer().brokers);
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const consumer = kafka.consumer({ groupId: topic });
  const received = Promise.withResolvers<string>();
  try {
    await producer.connect();
    await producer.send({ topic, messages: [{ key: 'k', value: 'news' }] });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => received.resolve(String(message.value)) });
    expect(await received.promise).toBe('news');
  } finally {
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
  }
});

test('a missing topic is refused', async () => {
  const producer = kafkaClient(kafkaServer().brokers).producer({
    allowAutoTopicCreation: true,
    retry: { retries: 0 },
  });
  await producer.connect();
  await expect(producer.send({ topic: 'never_made', messages: [{ value: 'x' }] })).rejects.toThrow();
  await producer.disconnect();
});
