/**
 * A client of @platformatic/kafka, which is loaded when the first one is opened. It chooses the partitions itself,
 * so that a key stays where the other client puts it, and so that each partition's acknowledgement can be checked.
 *
 * Partitions and leaders come from one look at the topic, and the library must not look again while it sends: when it
 * finds fewer partitions than a batch has, as in a topic that was made anew, it throws where no one can catch it. So a
 * send that meets another leader fails, and the next client finds the new one.
 */
import { isIP } from 'node:net';
import type { MessageToProduce, Producer, ProducerOptions } from '@platformatic/kafka';
import type { ProducerMessage } from '../messages/message.ts';
import { CONNECTION_MS, REQUEST_MS } from './kafkaClient.ts';
import { textOf } from './kafkaErrors.ts';
import {
  ALL_REPLICAS,
  type KafkaSender,
  METADATA_AGE_MS,
  RETRIES,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
  type SenderOptions,
} from './kafkaSender.ts';
import { partitionOf } from './partitionOf.ts';

/** With two pauses of at most 0.4 s: another client follows. The library takes 0 and 1 for "without end". */
const SEND_RETRIES = 2;

type Bytes = Producer<Buffer, Buffer, Buffer, Buffer>;
type BytesOptions = ProducerOptions<Buffer, Buffer, Buffer, Buffer>;
type KafkaRecord = MessageToProduce<Buffer, Buffer, Buffer, Buffer> & { readonly partition: number };

export async function openPlatformaticSender(settings: SenderOptions): Promise<KafkaSender> {
  const { Producer } = await import('@platformatic/kafka');
  const producer: Bytes = new Producer({
    clientId: settings.clientId ?? 'rowparity',
    bootstrapBrokers: [...settings.brokers],
    idempotent: true,
    autocreateTopics: false,
    connectTimeout: CONNECTION_MS,
    requestTimeout: REQUEST_MS,
    timeout: REQUEST_MS,
    metadataMaxAge: Number.MAX_SAFE_INTEGER,
    repeatOnStaleMetadata: false,
    compression: settings.compression,
    retries: SEND_RETRIES,
    retryDelay: (...[, , attempt, , error]) => {
      settings.onLog({ level: 'error', message: textOf(error) });
      return Math.min(RETRY_MIN_MS * 2 ** (attempt - 1), RETRY_MAX_MS);
    },
    ...securityOf(settings),
  });
  // A connection can tell of more than one error, and only the first has a listener in the library: without one, the
  // second ends the process. Those who wait for an answer are told in their callbacks.
  producer.connections.on('connecting', ({ connection }) => connection.on('error', () => undefined));
  return {
    send: (topic, messages) => send(producer, topic, messages),
    close: () => close(producer),
  };
}

async function send(producer: Bytes, topic: string, messages: readonly ProducerMessage[]): Promise<void> {
  const { topics } = await producer.metadata({
    ...{ topics: [topic], metadataMaxAge: METADATA_AGE_MS, retries: RETRIES },
  });
  const partitions = topics.get(topic)?.partitionsCount ?? 0;
  if (partitions === 0) throw new Error(`the brokers name no partition of topic ${topic}`);
  const records = messages.map((message) => recordOf(message, partitions));
  const { offsets = [] } = await producer.send({ messages: records, acks: ALL_REPLICAS });
  const acknowledged = new Set(offsets.map(({ partition }) => partition));
  const wanted = [...new Set(records.map(({ partition }) => partition))];
  const missing = wanted.filter((partition) => !acknowledged.has(partition));
  if (missing.length > 0) throw new Error(`no acknowledgement for partition ${missing.join(', ')}`);
}

function recordOf({ topic, key, value, headers = {} }: ProducerMessage, partitions: number): KafkaRecord {
  const keyBytes = Buffer.from(key);
  const pairs = Object.entries(headers).map(
    ([name, text]) => [Buffer.from(name), Buffer.from(text)] as const,
  );
  return {
    topic,
    key: keyBytes,
    value: Buffer.isBuffer(value) ? value : Buffer.from(value),
    headers: new Map(pairs),
    partition: partitionOf(keyBytes, partitions),
  };
}

/** The sockets do not wait for a broker that may be gone: bytes that are not written yet are not needed any more. */
async function close(producer: Bytes): Promise<void> {
  const open = [...producer.connections].map(([, connection]) => connection);
  const closed = producer.close();
  for (const { socket } of open) socket?.destroy();
  await closed;
}

const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

function securityOf({
  tls,
  sasl,
  brokers,
}: SenderOptions): Pick<BytesOptions, 'tls' | 'tlsServerName' | 'sasl'> {
  // A name for the handshake must be the name of a host; where brokers go by address there is none to tell.
  const hasNames = !brokers.some((broker) => isIP(broker.slice(0, broker.lastIndexOf(':'))) > 0);
  return {
    ...(tls ? { tls: tls === true ? {} : { ...tls }, tlsServerName: hasNames } : {}),
    ...(sasl ? { sasl: { ...sasl, mechanism: MECHANISMS[sasl.mechanism] } } : {}),
  };
}
