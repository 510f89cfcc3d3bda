// Three brokers of its own, of which one is lost: the others go on, and no acknowledged message is lost with it.

import { setTimeout as sleep } from 'node:timers/promises';
import { type KafkaCluster, makeTopic, seededRandom, startKafkaCluster } from '@rowparity/testkit';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProducer } from '../createProducer.ts';
import { kafkaTransport } from './kafkaTransport.ts';
import { readTopic } from './readTopic.ts';

const TOPIC = 'three-copies';
const PARTITIONS = 3;
const MESSAGES = 3000;

let cluster: KafkaCluster;
let brokers: readonly string[];

beforeAll(async () => {
  cluster = await startKafkaCluster(3);
  brokers = cluster.brokers.map(({ address }) => address);
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
  const topic = { topic: TOPIC, numPartitions: PARTITIONS, replicationFactor: 3, configEntries };
  await makeTopic(admin, topic);
  await admin.disconnect();
});
afterAll(() => cluster?.stop());

it('one of three brokers killed in the middle of it loses no message', { timeout: 120_000 }, async () => {
  const seed = Number(process.env.ROWPARITY_FAULT_SEED) || Math.ceil(Math.random() * 1e6);
  console.log(`a broker is killed at a random point: ROWPARITY_FAULT_SEED=${seed}`);
  const random = seededRandom(seed);
  const victim = random.pick(cluster.brokers);
  const killAfter = random.int(100, MESSAGES - 500);
  const producer = createProducer({ transport: kafkaTransport({ brokers }), limits: { batchMessages: 50 } });
  const sent: string[] = [];
  for (let i = 0; i < MESSAGES; i += 1) {
    const value = `message ${i}`;
    await producer.send({ topic: TOPIC, key: String(i % 97), value });
    sent.push(value);
    if (i === killAfter) await victim.kill();
    if (i % 100 === 0) await sleep(5);
  }
  await producer.flush();
  await producer.close();
  const others = brokers.filter((address) => address !== victim.address);
  const found = await readTopic({ brokers: others }, TOPIC);
  expect(new Set(found.map(({ value }) => value))).toEqual(new Set(sent));
  await victim.start();
});
