/** Sends events for some seconds, as a worker does, and counts what the broker has acknowledged by the end. */
import { type EventInput, eventOf, inRoles } from '@rowparity/core';
import {
  createProducer,
  eventMessage,
  type KafkaClientName,
  KafkaTransport,
  type ProducerMessage,
  type ProducerMode,
} from '@rowparity/producer';
import { systemClock } from '@rowparity/runtime';
import { ANY_PLAN } from '../shared/anyPlan.ts';

export interface Sending {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly client: KafkaClientName;
  readonly mode: ProducerMode;
  /** Messages that do not wait for more; in sync mode also those of one call, which waits for their acknowledgement. */
  readonly batch: number;
  /** Most messages of a batch. */
  readonly batchMax: number;
  readonly seconds: number;
}

export interface Sent {
  readonly client: KafkaClientName;
  readonly mode: ProducerMode;
  readonly batch: number;
  readonly batchMax: number;
  readonly events: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** Of this process: making the events, compressing and sending them. */
  readonly cpuMicrosPerEvent: number;
  /** Key, value and headers of one message, before compression. */
  readonly bytesPerEvent: number;
}

/** Messages of one call in async mode, with batches of any size: a page's differences come together. */
const ASYNC_CALL = 100;
/** As by default: the bytes that a buffer may hold come on top. */
const BUFFER_BATCHES = 100;
const CONTEXT: EventInput = {
  ...{ runId: 'bench-events', generation: 1, direction: 'SRC', table: 'orders' },
  plan: inRoles(ANY_PLAN, 'SRC'),
  rows: {
    connections: { source: 'source', destination: 'destination' },
    tables: { source: 'orders', destination: 'orders' },
    keySpace: '0'.repeat(16),
  },
};

export async function sendFor(sending: Sending): Promise<Sent> {
  const { brokers, topic, client, mode, batch, batchMax, seconds } = sending;
  const transport = new KafkaTransport({ clock: systemClock, brokers, client });
  const limits = {
    ...{ batchMessages: batch, batchMessagesMax: batchMax, bufferMessages: BUFFER_BATCHES * batch },
  };
  const producer = createProducer({ clock: systemClock, transport, mode, limits });
  let next = 1;
  const call = (count: number) =>
    producer.sendBatch(Array.from({ length: count }, () => messageOf(next++, topic)));
  // The first send makes the connection.
  await call(1);
  await producer.flush();
  next = 1;
  const begin = performance.now();
  const cpu = process.cpuUsage();
  const endMs = begin + seconds * 1000;
  while (performance.now() < endMs) await call(mode === 'sync' ? batch : ASYNC_CALL);
  await producer.flush();
  const took = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await producer.close();
  const events = next - 1;
  return {
    client,
    mode,
    batch,
    batchMax,
    events,
    seconds: took,
    eventsPerSecond: events / took,
    cpuMicrosPerEvent: (user + system) / events,
    bytesPerEvent: bytesOf(messageOf(1, topic)),
  };
}

function messageOf(id: number, topic: string): ProducerMessage {
  const event = eventOf(CONTEXT, {
    type: 'neq',
    key: [String(id)],
    columns: ['status'],
    isStable: true,
    state: 'new',
    detectedAtMs: Date.now(),
  });
  return eventMessage({ event, shard: 1 }, { topic, format: 'full' });
}

function bytesOf({ key, value, headers }: ProducerMessage): number {
  return Buffer.byteLength(
    `${key}${value}${Object.entries(headers ?? {})
      .flat()
      .join('')}`,
  );
}
