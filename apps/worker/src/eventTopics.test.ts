import { Fault } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { EventTopics } from './eventTopics.ts';

function topics(find: (topic: string) => Promise<unknown>) {
  const troubles: unknown[] = [];
  const asked: string[] = [];
  return {
    ...{ troubles, asked },
    topics: new EventTopics({
      allowed: ['dbMove'],
      find: (topic) => {
        asked.push(topic);
        return find(topic);
      },
      onTrouble: (error) => void troubles.push(error),
    }),
  };
}

it('a topic that is not allowed is refused without a question to Kafka', async () => {
  const { topics: of, asked } = topics(async () => undefined);
  await expect(of.expect('audit')).rejects.toMatchObject({
    class: 'configuration',
    code: 'TOPIC_NOT_ALLOWED',
    message: expect.stringContaining('ROWPARITY_EVENT_TOPICS'),
  });
  expect(asked).toEqual([]);
});

it('Kafka is asked for a topic until it has it', async () => {
  const missing = new Fault('configuration', { code: 'TOPIC_NOT_FOUND', message: 'none' });
  const answers = [Promise.reject(missing), Promise.resolve()];
  const { topics: of, asked } = topics(() => answers.shift() as Promise<unknown>);
  await expect(of.expect('dbMove')).rejects.toBe(missing);
  await of.expect('dbMove');
  await Promise.all([of.expect('dbMove'), of.expect('dbMove')]);
  expect(asked).toEqual(['dbMove', 'dbMove']);
});

it('a Kafka that does not answer keeps no shard from being compared', async () => {
  const { topics: of, troubles } = topics(() => Promise.reject(new Error('away')));
  await of.expect('dbMove');
  expect(troubles).toHaveLength(1);
});
