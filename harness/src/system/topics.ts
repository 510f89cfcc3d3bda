// Kafka as an operator sees it: create a topic, read back everything that was sent for a run. With kafkajs
// itself: what the producer of the system sent is judged by a client that shares no code with it.

import { makeTopic, topicEnds } from '@rowparity/testkit';
import { type Admin, type IHeaders, Kafka, logLevel } from 'kafkajs';

export interface SentEvent {
  readonly text: string;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
}

export interface TopicOf {
  readonly brokers: readonly string[];
  readonly topic: string;
}

const RUN_HEADER = 'rowparity-run';
const READ_MS_MAX = 120_000;

/** Kafka's numbers for rules of access; kafkajs has names for them that Node's modules do not see. */
const ACL = { topic: 2, literal: 3, read: 3, write: 4, describe: 8, deny: 2, allow: 3 } as const;

export interface TopicOptions {
  readonly partitions: number;
  readonly replicas?: number;
  /** As Kafka names them. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Does nothing when the topic is there. */
export async function createTopic({ brokers, topic }: TopicOf, settings: TopicOptions): Promise<void> {
  const { partitions: numPartitions, replicas: replicationFactor = 1, config = {} } = settings;
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const wanted = { topic, numPartitions, replicationFactor, configEntries };
  await administer(brokers, (admin) => makeTopic(admin, wanted));
}

export async function hasTopic({ brokers, topic }: TopicOf): Promise<boolean> {
  return administer(brokers, async (admin) => (await admin.listTopics()).includes(topic));
}

/** Every user may see the topic and read it, and none may write. */
export async function denyWriting({ brokers, topic }: TopicOf): Promise<void> {
  const rule = {
    resourceType: ACL.topic,
    resourceName: topic,
    resourcePatternType: ACL.literal,
    principal: 'User:*',
    host: '*',
  };
  const acl = [
    { ...rule, operation: ACL.read, permissionType: ACL.allow },
    { ...rule, operation: ACL.describe, permissionType: ACL.allow },
    { ...rule, operation: ACL.write, permissionType: ACL.deny },
  ];
  await administer(brokers, (admin) => admin.createAcls({ acl }));
}

async function administer<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = client(brokers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Every message of the run (of all runs without one) in the topic now, with repeats; in order within a partition. */
export async function readEvents(from: TopicOf & { readonly runId?: string }): Promise<SentEvent[]> {
  const { brokers, topic, runId = 'all' } = from;
  const kafka = client(brokers);
  const ends = await endOffsets(kafka, topic);
  if (ends.size === 0) return [];
  const found: SentEvent[] = [];
  const consumer = kafka.consumer({ groupId: `rowparity-reading-${runId}-${Date.now()}` });
  const { promise: allRead, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`reading ${topic} took too long`)), READ_MS_MAX);
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch }) => {
        const end = ends.get(batch.partition);
        for (const { offset, key, value, headers } of batch.messages) {
          if (end === undefined || BigInt(offset) >= end) continue;
          const texts = textsOf(headers);
          if (from.runId !== undefined && texts[RUN_HEADER] !== from.runId) continue;
          found.push({
            text: String(value),
            key: key?.toString(),
            headers: texts,
            partition: batch.partition,
          });
        }
        if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) ends.delete(batch.partition);
        if (ends.size === 0) resolve();
      },
    });
    await allRead;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
  return found;
}

/** Sends every message of the run once more, as a worker does that was killed before it committed. */
export async function repeatEvents(from: TopicOf & { readonly runId: string }): Promise<number> {
  const { brokers, topic } = from;
  const events = await readEvents(from);
  const producer = client(brokers).producer();
  await producer.connect();
  try {
    const messages = events.map(({ key, text, headers, partition }) => ({
      ...{ value: text, headers, partition },
      key: key ?? null,
    }));
    await producer.send({ topic, messages });
  } finally {
    await producer.disconnect();
  }
  return events.length;
}

/** The first offset that is not written yet, of every partition that has something to read. */
async function endOffsets(kafka: Kafka, topic: string): Promise<Map<number, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await topicEnds(admin, topic);
    const filled = offsets.filter(({ low, high }) => BigInt(high) > BigInt(low));
    return new Map(filled.map(({ partition, high }) => [partition, BigInt(high)]));
  } finally {
    await admin.disconnect();
  }
}

function textsOf(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
}

function client(brokers: readonly string[]): Kafka {
  return new Kafka({ clientId: 'rowparity-e2e', brokers: [...brokers], logLevel: logLevel.NOTHING });
}
