import { transportConformance } from '../conformance/transport.conformance.ts';
import type { ProducerMessage } from '../messages/message.ts';
import { BrokersUnreachable, MessageTooLarge, TopicUnusable } from '../transport/transport.ts';
import { memoryTransport } from './memoryTransport.ts';

const BYTES_MAX = 1000;
const NO_TOPIC = 'no-such-topic';

function whyRefused({ topic, value }: ProducerMessage): Error | undefined {
  if (topic === NO_TOPIC) return new TopicUnusable(`no topic ${topic}`);
  return value.length > BYTES_MAX ? new MessageTooLarge({ topic, bytes: value.length }) : undefined;
}

transportConformance('memory', async () => {
  const transport = memoryTransport();
  transport.refuse(whyRefused);
  return {
    transport,
    topics: ['one', 'other'],
    noTopic: NO_TOPIC,
    tooManyBytes: BYTES_MAX + 1,
    async arrived(topic) {
      const ofTopic = transport.batches.flat().filter((message) => message.topic === topic);
      return ofTopic.map(({ key, value, headers = {} }) => ({
        ...{ partition: 0, key, value: String(value), headers },
      }));
    },
    silence: {
      begin: () => transport.refuse(() => new BrokersUnreachable('silent')),
      restore: () => transport.refuse(whyRefused),
    },
    cleanUp: () => transport.close(),
  };
});
