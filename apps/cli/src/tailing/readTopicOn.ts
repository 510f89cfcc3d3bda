/** A topic, with brokers and login as a worker has them. */
import { tailTopic } from '@rowparity/producer';
import { kafkaBrokers, kafkaSecurity, kafkaSecurityOf, processOptions } from '@rowparity/runtime';
import { UsageError } from '../usage/usageError.ts';

export interface ReadTopicInput {
  readonly topic: string;
  /** `host:port` with commas between; ROWPARITY_KAFKA_BROKERS when left out. */
  readonly brokers: string | undefined;
  readonly isFromBeginning: boolean;
  onText(text: string): Promise<void>;
}

/** Ends when the signal aborts. */
export async function readTopicOn(
  { topic, brokers, isFromBeginning, onText }: ReadTopicInput,
  signal: AbortSignal,
): Promise<void> {
  const args = brokers === undefined ? [] : ['--kafka-brokers', brokers];
  const config = processOptions({ kafkaBrokers, ...kafkaSecurity }, args);
  const options = { brokers: config.kafkaBrokers, ...kafkaSecurityOf(config), topic, isFromBeginning };
  await tailTopic({ ...options, onMessage: onText }, signal).catch((cause: Error) => {
    throw new UsageError(`Topic ${topic}: it cannot be read: ${cause.message}`, { cause });
  });
}
