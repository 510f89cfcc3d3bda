// Three brokers of its own, of which one is lost: the others go on, and no acknowledged message is lost with it.

import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@rowparity/runtime';
import {
  type KafkaBroker,
  type KafkaCluster,
  makeTopic,
  seededRandom,
  startKafkaCluster,
} from '@rowparity/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createProducer } from '../createProducer.ts';
import { kafkaClient } from './kafkaClient.ts';
import { KAFKA_CLIENTS } from './kafkaSender.ts';
import { KafkaTransport } from './kafkaTransport.ts';
import { mutedBroker } from './testing/mutedBroker.ts';
import { readTopic } from './testing/readTopic.ts';

const TOPIC = 'three-copies';
const PARTITIONS = 3;
const MESSAGES = 3000;
/** Three brokers on a busy machine take their time. */
const ELECTION_MS_MAX = 60_000;
const TEST_MS_MAX = 120_000;
/** As brokers are numbered: from 1. */
const FIRST = 1;

let cluster: KafkaCluster;
let brokers: readonly string[];

beforeAll(async () => {
  cluster = await startKafkaCluster(3);
  brokers = cluster.brokers.map(({ address }) => address);
  const admin = kafkaClient({ brokers }).admin();
  await admin.connect();
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
  const topic = { topic: TOPIC, numPartitions: PARTITIONS, replicationFactor: 3, configEntries };
  await makeTopic(admin, topic);
  await admin.disconnect();
});
afterAll(() => cluster?.stop());

interface Copies {
  /** The number of the broker that leads; -1 while none does. */
  readonly leader: number;
  /** Numbers of the brokers that are in sync. */
  readonly isr: readonly number[];
}

/** Of each partition. */
async function copies(asked: readonly string[] = brokers): Promise<readonly Copies[]> {
  const admin = kafkaClient({ brokers: asked }).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC] });
    return topics.flatMap(({ partitions }) => partitions);
  } finally {
    await admin.disconnect();
  }
}

/** The next test finds three brokers again. */
async function restore(victim: KafkaBroker): Promise<void> {
  await victim.start();
  const isWhole = (found: readonly Copies[]) => found.every(({ isr }) => isr.length === 3);
  await expect.poll(() => copies(), { timeout: ELECTION_MS_MAX }).toSatisfy(isWhole);
}

describe.each(KAFKA_CLIENTS)('%s', (client) => {
  it('one of three brokers killed in the middle of it loses no message', {
    timeout: TEST_MS_MAX,
  }, async () => {
    const seed = Number(process.env.ROWPARITY_FAULT_SEED) || Math.ceil(Math.random() * 1e6);
    console.log(`a broker is killed at a random point: ROWPARITY_FAULT_SEED=${seed}`);
    const random = seededRandom(seed);
    const victim = random.pick(cluster.brokers);
    onTestFinished(() => restore(victim));
    const killAfter = random.int(100, MESSAGES - 500);
    const producer = createProducer({
      clock: systemClock,
      transport: new KafkaTransport({ clock: systemClock, brokers, client }),
      limits: { batchMessages: 50 },
    });
    const sent: string[] = [];
    for (let i = 0; i < MESSAGES; i += 1) {
      const value = `${client} ${i}`;
      await producer.send({ topic: TOPIC, key: String(i % 97), value });
      sent.push(value);
      if (i === killAfter) await victim.kill();
      if (i % 100 === 0) await sleep(5);
    }
    await producer.flush();
    await producer.close();
    const others = brokers.filter((address) => address !== victim.address);
    const found = await readTopic({ brokers: others }, TOPIC);
    const values = found.map(({ value }) => value).filter((value) => value.startsWith(`${client} `));
    expect(new Set(values)).toEqual(new Set(sent));
  });

  it('the part of a batch whose partition moves to a broker that has acknowledged its own part already is sent to it', {
    timeout: TEST_MS_MAX,
  }, async () => {
    const victim = cluster.brokers[FIRST - 1] as KafkaBroker;
    onTestFinished(() => restore(victim));
    const others = brokers.filter((address) => address !== victim.address);
    const openWire = mutedBroker();
    onTestFinished(() => openWire.restore());
    const producer = createProducer({
      clock: systemClock,
      transport: new KafkaTransport({ clock: systemClock, brokers, client }),
    });
    const areLedByOthers = (found: readonly Copies[]) => found.every(({ leader }) => leader > FIRST);
    const batch = (name: string) =>
      Array.from({ length: 97 }, (_, i) => ({
        topic: TOPIC,
        key: String(i),
        value: `${name}, ${client}: ${i}`,
      }));
    await producer.sendBatch(batch('before'));
    await producer.flush();
    // Its part of the batch is still on its way when the others have acknowledged theirs.
    const wire = openWire.hang(victim.address);
    await producer.sendBatch(batch('after'));
    const flushing = producer.flush();
    await victim.kill();
    await expect.poll(() => copies(others), { timeout: ELECTION_MS_MAX }).toSatisfy(areLedByOthers);
    wire.part();
    await flushing;
    await producer.close();
    const found = await readTopic({ brokers: others }, TOPIC);
    const values = new Set(found.map(({ value }) => value));
    expect(batch('after').filter(({ value }) => !values.has(value))).toEqual([]);
  });
});
