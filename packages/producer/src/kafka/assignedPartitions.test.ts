import type { Message, PartitionMetadata } from 'kafkajs';
import { expect, it } from 'vitest';
import { assignedPartitions } from './assignedPartitions.ts';

const TOPIC = 'dbMove';

const partitions = (count: number): PartitionMetadata[] =>
  Array.from({ length: count }, (_, partitionId) => ({
    ...{ partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] },
  }));

const messages: readonly Message[] = Array.from({ length: 100 }, (_, i) => ({ key: `key ${i}`, value: 'v' }));

function assign(assigned: ReturnType<typeof assignedPartitions>, count: number): readonly number[] {
  const partitioner = assigned.createPartitioner();
  return messages.map((message) =>
    partitioner({ topic: TOPIC, partitionMetadata: partitions(count), message }),
  );
}

it('a send is whole when every partition that has a message is acknowledged', () => {
  const assigned = assignedPartitions();
  expect(new Set(assign(assigned, 3))).toEqual(new Set([0, 1, 2]));
  const acknowledged = [{ partition: 2 }, { partition: 0 }, { partition: 1 }];
  expect(assigned.unacknowledged(messages, acknowledged)).toEqual([]);
});

it('partitions without an acknowledgement are named', () => {
  const assigned = assignedPartitions();
  assign(assigned, 3);
  expect(assigned.unacknowledged(messages, [{ partition: 1 }])).toEqual([0, 2]);
});

it('a message that was given to no partition is not acknowledged', () => {
  expect(assignedPartitions().unacknowledged(messages, [{ partition: 0 }])).not.toEqual([]);
});

it('a message keeps its partition when the topic gets more of them between two tries', () => {
  const assigned = assignedPartitions();
  const first = assign(assigned, 3);
  expect(assign(assigned, 8)).toEqual(first);
});

it('messages with one key share a partition, as with the default of Kafka', () => {
  const partitioner = assignedPartitions().createPartitioner();
  const ofValue = (value: string) =>
    partitioner({ topic: TOPIC, partitionMetadata: partitions(8), message: { key: 'orders:7', value } });
  expect(ofValue('a')).toBe(ofValue('b'));
});
