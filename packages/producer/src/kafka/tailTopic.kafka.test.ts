import { systemClock } from '@rowparity/runtime';
import { freshTopic, kafkaServer } from '@rowparity/testkit/vitest';
import { expect, it } from 'vitest';
import { createProducer } from '../createProducer.ts';
import { kafkaClient } from './kafkaClient.ts';
import { KafkaTransport } from './kafkaTransport.ts';
import { tailTopic } from './tailTopic.ts';

const settings = () => ({ brokers: kafkaServer().brokers, clock: systemClock });

async function send(topic: string, values: readonly string[]): Promise<void> {
  const producer = createProducer({ clock: systemClock, transport: new KafkaTransport(settings()) });
  for (const value of values) await producer.send({ topic, key: 'k', value });
  await producer.close();
}

/** Reads until so many have come. */
async function read(topic: string, wanted: number, { isFromBeginning = true, onReady = () => {} } = {}) {
  const controller = new AbortController();
  const came: string[] = [];
  const options = { ...settings(), topic, isFromBeginning, onReady };
  await tailTopic(
    {
      ...options,
      onMessage: async (text) => {
        came.push(text);
        if (came.length === wanted) controller.abort();
      },
    },
    controller.signal,
  );
  return came;
}

it('all messages come from the beginning, in order, and no group is left behind', async () => {
  const topic = await freshTopic();
  await send(topic, ['a', 'b', 'ä']);
  expect(await read(topic, 3)).toEqual(['a', 'b', 'ä']);
  const admin = kafkaClient(settings()).admin();
  await admin.connect();
  const { groups } = await admin.listGroups();
  await admin.disconnect();
  expect(groups.filter(({ groupId }) => groupId.startsWith('rowparity-tail-'))).toEqual([]);
});

it('from now on only what is written later comes', async () => {
  const topic = await freshTopic();
  await send(topic, ['before']);
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
  const came = read(topic, 1, { isFromBeginning: false, onReady });
  await ready;
  // The group has its partitions; where it begins is asked of the broker with the first fetch.
  const writing = setInterval(() => void send(topic, ['after']), 500);
  expect((await came)[0]).toBe('after');
  clearInterval(writing);
});

it('a topic that is not there is an error', async () => {
  await expect(read('no-such-topic', 1)).rejects.toThrow(/topic/);
});
