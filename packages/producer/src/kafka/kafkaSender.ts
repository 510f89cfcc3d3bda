/**
 * One client of Kafka, of one of the libraries. The transport sends one batch at a time through it, and opens another
 * after a send that failed.
 */
import type { ProducerMessage } from '../messages/message.ts';
import type { KafkaLogLine, KafkaOptions } from './kafkaClient.ts';

export const KAFKA_CLIENTS = ['kafkajs', 'platformatic'] as const;
export type KafkaClientName = (typeof KAFKA_CLIENTS)[number];

export interface KafkaSender {
  /** Resolves when all in-sync replicas of each message's partition have it. Rejects with an error of the library. */
  send(topic: string, messages: readonly ProducerMessage[]): Promise<void>;
  /** Ends the connections; called a second time when a send that was given up has ended. */
  close(): Promise<void>;
}

export interface SenderOptions extends KafkaOptions {
  readonly compression: 'gzip' | 'none';
  /** Hears of tries that failed. */
  readonly onLog: (line: KafkaLogLine) => void;
}

/** The default of 5 minutes in one library sends to a former leader for that long. */
export const METADATA_AGE_MS = 30_000;
/** With the pauses below about 6 s, besides the answers themselves. */
export const RETRIES = 4;
export const RETRY_MIN_MS = 200;
export const RETRY_MAX_MS = 3000;
export const ALL_REPLICAS = -1;
