/**
 * Reads a topic on, for a person who looks: from now on or from its beginning, as a group of its own that commits
 * nothing and is deleted at the end. No consumer of the topic notices.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type KafkaOptions, kafkaClient } from './kafkaClient.ts';

export interface TailOptions extends KafkaOptions {
  readonly topic: string;
  readonly isFromBeginning: boolean;
  /** In the order of each partition. Messages are read on when it resolves. */
  onMessage(text: string): Promise<void>;
  /** Messages that are written from now on come. */
  onReady?(): void;
}

/** Ends when the signal aborts. Throws what kafkajs throws when the topic cannot be read. */
export async function tailTopic(settings: TailOptions, signal: AbortSignal): Promise<void> {
  const { topic, isFromBeginning, onMessage, onReady } = settings;
  const kafka = kafkaClient(settings);
  const groupId = `rowparity-tail-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, retry: { retries: 5 }, allowAutoTopicCreation: false });
  const crashed = new Promise<never>((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  });
  crashed.catch(() => undefined);
  consumer.on(consumer.events.GROUP_JOIN, () => onReady?.());
  try {
    await Promise.race([consumer.connect(), crashed]);
    await consumer.subscribe({ topic, fromBeginning: isFromBeginning });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ message }) => {
        if (!signal.aborted) await onMessage(message.value?.toString('utf8') ?? '');
      },
    });
    await Promise.race([aborted(signal), crashed]);
  } finally {
    await consumer.disconnect();
    await forget(kafka, groupId);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** A user who may not delete groups leaves one behind, which the broker forgets after its retention. */
async function forget(kafka: ReturnType<typeof kafkaClient>, groupId: string): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
  } finally {
    await admin.disconnect();
  }
}
