/**
 * Which partition each message of a send went to, so that a missing acknowledgement is noticed. kafkajs asks each
 * broker once in a send: after a failure it tries again only those that have not answered yet. A partition whose
 * leader fell in between, and whose new leader had acknowledged its other partitions by then, is never sent, and
 * the send resolves (https://github.com/tulios/kafkajs/issues/1303; `src/producer/sendMessages.js` of 2.2.4,
 * `brokersWithoutResponse`).
 *
 * A message keeps its partition through all tries of its send: with another number of partitions it could go to another
 * one, and the sequence number of its first batch would be given to different messages.
 */
import { type ICustomPartitioner, type Message, Partitioners, type RecordMetadata } from 'kafkajs';

export interface AssignedPartitions {
  readonly createPartitioner: ICustomPartitioner;
  /** Partitions of these messages that are not among those acknowledged, in ascending order. */
  unacknowledged(
    messages: readonly Message[],
    acknowledged: readonly Pick<RecordMetadata, 'partition'>[],
  ): readonly number[];
}

export function assignedPartitions(): AssignedPartitions {
  const assigned = new WeakMap<Message, number>();
  return {
    createPartitioner() {
      const choose = Partitioners.DefaultPartitioner();
      return (args) => {
        const partition = assigned.get(args.message) ?? choose(args);
        assigned.set(args.message, partition);
        return partition;
      };
    },
    unacknowledged(messages, acknowledged) {
      const answered = new Set<number | undefined>(acknowledged.map(({ partition }) => partition));
      // A message that was given to none at all is as unacknowledged as can be.
      const wanted = new Set(messages.map((message) => assigned.get(message) ?? NO_PARTITION));
      return [...wanted].filter((partition) => !answered.has(partition)).sort((a, b) => a - b);
    },
  };
}

const NO_PARTITION = -1;
