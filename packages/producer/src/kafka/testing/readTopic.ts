/** Everything that a topic holds, for tests: read from the beginning to the ends as they are now. */
import { topicEnds } from '@rowparity/testkit';
import type { Admin } from 'kafkajs';
import { type KafkaOptions, kafkaClient } from '../kafkaClient.ts';

export interface TopicMessage {
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function readTopic(settings: KafkaOptions, topic: string): Promise<readonly TopicMessage[]> {
  const client = kafkaClient(settings);
  const missing = await endsOf(client.admin(), topic);
  const messages: TopicMessage[] = [];
  if (missing.size === 0) return messages;

  const consumer = client.consumer({ groupId: `read-${topic}-${process.hrtime.bigint()}` });
  const { promise: done, resolve } = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    async eachMessage({ partition, message }) {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      const { key, value, offset } = message;
      messages.push({
        partition,
        key: String(key),
        value: String(value),
        headers: Object.fromEntries(headers),
      });
      if (BigInt(offset) + 1n >= (missing.get(partition) ?? 0n)) missing.delete(partition);
      if (missing.size === 0) resolve();
    },
  });
  await done;
  await consumer.disconnect();
  return messages;
}

/** Where each partition that holds anything ends. */
async function endsOf(admin: Admin, topic: string): Promise<Map<number, bigint>> {
  await admin.connect();
  try {
    const ends = await topicEnds(admin, topic);
    return new Map(
      ends.filter(({ high }) => high !== '0').map(({ partition, high }) => [partition, BigInt(high)]),
    );
  } finally {
    await admin.disconnect();
  }
}
