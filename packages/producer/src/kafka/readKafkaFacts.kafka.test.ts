import { systemClock } from '@rowparity/runtime';
import { freshTopic, kafkaServer } from '@rowparity/testkit/vitest';
import { expect, it } from 'vitest';
import { readKafkaFacts, TOPICS_MAX } from './readKafkaFacts.ts';

it('of a topic its partitions and copies are read, and one that is not there is named', async () => {
  const topic = await freshTopic(3);
  const settings = { brokers: kafkaServer().brokers, clock: systemClock };
  const facts = await readKafkaFacts(settings, [topic, 'nothing-of-this-name', 'nothing-begins-so*']);
  expect(facts.brokers).toBeGreaterThanOrEqual(1);
  expect(facts.topics).toEqual([
    { name: 'nothing-of-this-name', partitions: null, replicas: 0, inSync: 0, minInSync: null },
    { name: 'nothing-begins-so*', partitions: null, replicas: 0, inSync: 0, minInSync: null },
    { name: topic, partitions: 3, replicas: 1, inSync: 1, minInSync: 1 },
  ]);
});

it('of a pattern of many topics the one that is named itself is looked at first', async () => {
  const topics = await Promise.all(Array.from({ length: 6 }, () => freshTopic(1)));
  const last = topics.toSorted().at(-1) as string;
  const settings = { brokers: kafkaServer().brokers, clock: systemClock };
  const facts = await readKafkaFacts(settings, [`${last.slice(0, 4)}*`, last]);
  expect(facts.topics[0]?.name).toBe(last);
  expect(facts.topics.length + facts.unread).toBeGreaterThanOrEqual(topics.length);
  expect(facts.topics.length).toBeLessThanOrEqual(TOPICS_MAX);
});

it('brokers that do not answer are a fault that names the variable', async () => {
  const settings = { brokers: ['127.0.0.1:1'], clock: systemClock, withinMs: 3000 };
  await expect(readKafkaFacts(settings, ['dbMove'])).rejects.toMatchObject({
    code: 'SERVER_UNREACHABLE',
    message: expect.stringContaining('ROWPARITY_KAFKA_BROKERS'),
  });
});
