/**
 * Events to Kafka, by the shared producer. Make one sink for each attempt at a shard: a sink answers for its own events
 * only, so that one shard's failure is not another's.
 */
import type { EventSink } from '@rowparity/core';
import type { Producer } from '../messages/producer.ts';
import { type EventTarget, eventMessage } from './eventMessage.ts';
import { sentEvents } from './sentEvents.ts';
import { producerFault } from './sinkFault.ts';

export interface KafkaEventSinkOptions extends EventTarget {
  readonly producer: Producer;
}

export function kafkaEventSink({ producer, ...target }: KafkaEventSinkOptions): EventSink {
  const channel = producer.channel();
  const orFault = async (call: Promise<void>, signal: AbortSignal): Promise<void> => {
    try {
      await call;
    } catch (error) {
      throw producerFault(error, target.topic, signal);
    }
  };
  return {
    async publish(events, signal) {
      signal.throwIfAborted();
      const messages = sentEvents(events, target.format).map((event) => eventMessage(event, target));
      await orFault(channel.sendBatch(messages, { signal }), signal);
    },
    async flush(signal) {
      signal.throwIfAborted();
      await orFault(channel.flush({ signal }), signal);
    },
  };
}
