import { systemClock } from '@rowparity/runtime';
import { freshTopic, kafkaServer } from '@rowparity/testkit/vitest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProducer } from '../createProducer.ts';
import { FlushError, type ProducerMessage } from '../messages/message.ts';
import { BrokersUnreachable } from '../transport/transport.ts';
import { checkKafka } from './checkKafka.ts';
import type { KafkaLogLine } from './kafkaClient.ts';
import { KAFKA_CLIENTS } from './kafkaSender.ts';
import { KafkaTransport, type KafkaTransportOptions } from './kafkaTransport.ts';
import { type MutedBroker, mutedBroker } from './testing/mutedBroker.ts';
import { readTopic } from './testing/readTopic.ts';

const DELIVERY_MS = 1500;

let wire: MutedBroker;
beforeEach(() => {
  wire = mutedBroker();
});
afterEach(() => wire.restore());

const settings = () => ({ brokers: kafkaServer().brokers, clock: systemClock });

const batch = (topic: string, name: string): readonly ProducerMessage[] =>
  Array.from({ length: 10 }, (_, i) => ({ topic, key: 'k', value: `${name}${i}` }));
const valuesIn = async (topic: string) =>
  new Set((await readTopic(settings(), topic)).map(({ value }) => value));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(KAFKA_CLIENTS)('%s', (client) => {
  const open = (options: Partial<KafkaTransportOptions> = {}) =>
    createProducer({
      clock: systemClock,
      transport: new KafkaTransport({ ...settings(), client, deliveryMs: DELIVERY_MS, ...options }),
    });

  it('a connection that answers no more is replaced, and nothing is lost', { timeout: 60_000 }, async () => {
    const topic = await freshTopic();
    const producer = open();
    await producer.sendBatch(batch(topic, 'a'));
    await producer.flush();
    wire.mute();
    await producer.sendBatch(batch(topic, 'b'));
    const flushing = producer.flush();
    await sleep(DELIVERY_MS / 2);
    wire.unmute();
    await flushing;
    await producer.close();
    expect(await valuesIn(topic)).toEqual(
      new Set([...batch(topic, 'a'), ...batch(topic, 'b')].map(({ value }) => value)),
    );
  });

  it('a batch after one whose answer was lost is not taken for its repetition', {
    timeout: 60_000,
  }, async () => {
    const topic = await freshTopic();
    const producer = open();
    await producer.sendBatch(batch(topic, 'a'));
    await producer.flush();
    wire.mute();
    await producer.sendBatch(batch(topic, 'b'));
    const error = (await producer.flush().catch((reason: unknown) => reason)) as FlushError;
    expect(error).toBeInstanceOf(FlushError);
    expect(error.failedCount).toBe(10);
    expect(error.failed[0]?.error).toBeInstanceOf(BrokersUnreachable);
    wire.unmute();
    await producer.sendBatch(batch(topic, 'c'));
    await producer.flush();
    await producer.close();
    const values = await valuesIn(topic);
    expect(batch(topic, 'c').every(({ value }) => values.has(String(value)))).toBe(true);
  });

  it('an outage is told when it begins and when it is over', { timeout: 60_000 }, async () => {
    const topic = await freshTopic();
    const lines: KafkaLogLine[] = [];
    const onLog = (line: KafkaLogLine) => void lines.push(line);
    const producer = open({ onLog });
    await producer.sendBatch(batch(topic, 'a'));
    await producer.flush();
    wire.mute();
    await producer.sendBatch(batch(topic, 'b'));
    const flushing = producer.flush();
    await sleep(DELIVERY_MS / 2);
    wire.unmute();
    await flushing;
    await producer.close();
    expect(lines.map(({ level }) => level)).toEqual(['error', 'info']);
    expect(lines[1]?.message).toMatch(/acknowledges again, after \d+ s/);
  });

  it('a flush ends with its signal, however dead the broker', async () => {
    const topic = await freshTopic();
    const producer = open();
    await producer.sendBatch(batch(topic, 'a'));
    await producer.flush();
    wire.mute();
    await producer.sendBatch(batch(topic, 'b'));
    await expect(producer.flush({ signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const error = (await producer
      .close({ deadlineMs: 200 })
      .catch((reason: unknown) => reason)) as FlushError;
    expect(error.pending).toHaveLength(10);
  });
});

it('brokers that do not answer are an outage, naming the variable', async () => {
  const lines: KafkaLogLine[] = [];
  const onLog = (line: KafkaLogLine) => void lines.push(line);
  const nowhere = { brokers: ['127.0.0.1:1'], withinMs: 1000, clock: systemClock, onLog };
  const fault: unknown = await checkKafka(nowhere).catch((reason: unknown) => reason);
  expect(fault).toMatchObject({ class: 'transient', code: 'SERVER_UNREACHABLE' });
  expect(String(fault)).toContain('ROWPARITY_KAFKA_BROKERS');
  expect(String(fault)).toContain('127.0.0.1:1');
  expect(lines).toHaveLength(1);
});
