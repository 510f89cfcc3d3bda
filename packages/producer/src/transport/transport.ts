/** How batches leave the process. Kafka is one transport; tests have another. */
import type { FailedMessage, ProducerMessage } from '../messages/message.ts';

export interface Transport {
  /**
   * Resolves when every message is acknowledged or given up, with those that were given up. Never called again before
   * it has ended. An aborted signal gives up soon.
   */
  send(messages: readonly ProducerMessage[], signal: AbortSignal): Promise<readonly FailedMessage[]>;
  close(): Promise<void>;
}

/** The broker takes no message of this size: sending it again is of no use. */
export class MessageTooLarge extends Error {
  override readonly name = 'MessageTooLarge';

  constructor(message: { readonly topic: string; readonly bytes: number }, options?: ErrorOptions) {
    super(
      `topic ${message.topic}: expected a message that the broker takes, found one of ${message.bytes} bytes. ` +
        'Raise the max.message.bytes of the topic.',
      options,
    );
  }
}

/** An operator must create or correct something: the topic, the rights, the user. */
export class TopicUnusable extends Error {
  override readonly name = 'TopicUnusable';
}

/** No answer from the brokers, after all tries: it may pass. */
export class BrokersUnreachable extends Error {
  override readonly name = 'BrokersUnreachable';
}
