import { seededRandom } from '@rowparity/testkit';
import { Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { partitionOf } from './partitionOf.ts';

it('a key goes where kafkajs puts it, whatever its length and its bytes', () => {
  const seed = Math.ceil(Math.random() * 1e6);
  const random = seededRandom(seed);
  const choose = Partitioners.DefaultPartitioner();
  for (let i = 0; i < 2000; i += 1) {
    const key = Buffer.from(Array.from({ length: random.int(1, 40) }, () => random.int(0, 255)));
    const count = random.int(1, 100);
    const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
      ...{ partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] },
    }));
    const theirs = choose({ topic: 't', partitionMetadata, message: { key, value: 'v' } });
    expect(partitionOf(key, count), `seed ${seed}, key ${key.toString('hex')}`).toBe(theirs);
  }
});

it('a key of text stays where it was when this was written', () => {
  expect(partitionOf(Buffer.from('["orders",{"id":"10"}]'), 64)).toBe(58);
});
