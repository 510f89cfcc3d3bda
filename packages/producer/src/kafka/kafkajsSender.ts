/**
 * A client of kafkajs. When kafkajs reports a send as done, each partition's acknowledgement is still checked: see
 * `assignedPartitions.ts`. Once a send has failed, the client must not be used again: kafkajs can go on using a dead
 * socket, and it gives the sequence numbers of a failed batch to the next one.
 */
import { CompressionTypes, type Message } from 'kafkajs';
import { assignedPartitions } from './assignedPartitions.ts';
import { kafkaClient } from './kafkaClient.ts';
import {
  ALL_REPLICAS,
  type KafkaSender,
  METADATA_AGE_MS,
  RETRIES,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
  type SenderOptions,
} from './kafkaSender.ts';

export async function openKafkajsSender(settings: SenderOptions): Promise<KafkaSender> {
  const partitions = assignedPartitions();
  const producer = kafkaClient(settings).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_AGE_MS,
    createPartitioner: partitions.createPartitioner,
    retry: { retries: RETRIES, initialRetryTime: RETRY_MIN_MS, maxRetryTime: RETRY_MAX_MS },
  });
  try {
    await producer.connect();
  } catch (error) {
    void producer.disconnect().catch(() => {});
    throw error;
  }
  const compression = settings.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
  return {
    async send(topic, messages) {
      const records = messages.map(
        ({ key, value, headers }): Message => ({ key, value, ...(headers ? { headers } : {}) }),
      );
      const acknowledged = await producer.send({ topic, acks: ALL_REPLICAS, compression, messages: records });
      const missing = partitions.unacknowledged(records, acknowledged);
      if (missing.length > 0) throw new Error(`no acknowledgement for partition ${missing.join(', ')}`);
    },
    close: () => producer.disconnect(),
  };
}
