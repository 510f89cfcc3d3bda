/** What a diagnosis needs to know of Kafka: brokers, and of each topic its copies and what acknowledges an event. */
import { isAllowedTopic } from '@rowparity/contracts';
import type { KafkaFacts, TopicFacts } from '@rowparity/core';
import type { Admin, ConfigResourceTypes, ITopicMetadata } from 'kafkajs';
import { type AskOptions, askKafka } from './checkKafka.ts';
import { troubleOf } from './kafkaErrors.ts';

/** An allow-list may stand for thousands of topics: those that it names itself come first. */
export const TOPICS_MAX = 500;
/** Of Kafka's protocol. Node cannot import the driver's own name for it. */
const OF_A_TOPIC = 2 as ConfigResourceTypes;
const MIN_IN_SYNC = 'min.insync.replicas';

/** `topics`: names, and beginnings of names that end in "*". Throws the faults of `checkKafka`. */
export function readKafkaFacts(settings: AskOptions, topics: readonly string[]): Promise<KafkaFacts> {
  return askKafka(settings, async (admin) => {
    const { brokers } = await admin.describeCluster();
    const there = await admin.listTopics();
    const found = there.filter((topic) => isAllowedTopic(topic, topics) && !topic.startsWith('__'));
    const missing = topics.filter((entry) => !found.some((topic) => isAllowedTopic(topic, [entry])));
    const named = new Set(topics);
    const byName = found.toSorted();
    const all = [
      ...byName.filter((topic) => named.has(topic)),
      ...byName.filter((topic) => !named.has(topic)),
    ];
    const names = all.slice(0, TOPICS_MAX);
    const described = names.length === 0 ? [] : (await admin.fetchTopicMetadata({ topics: names })).topics;
    // The broker answers in an order of its own.
    const place = new Map(names.map((name, i) => [name, i]));
    const inOrder = described.toSorted((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
    const minimums = await minimumsOf(admin, names);
    return {
      brokers: brokers.length,
      topics: [...missing.map(notThere), ...inOrder.map((topic) => factsOf(topic, minimums))],
      unread: all.length - names.length,
    };
  });
}

function notThere(name: string): TopicFacts {
  return { name, partitions: null, replicas: 0, inSync: 0, minInSync: null };
}

function factsOf({ name, partitions }: ITopicMetadata, minimums: ReadonlyMap<string, number>): TopicFacts {
  return {
    name,
    partitions: partitions.length,
    replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    inSync: Math.min(...partitions.map(({ isr }) => isr.length)),
    minInSync: minimums.get(name) ?? null,
  };
}

/** Empty where the user may not read the settings of topics: that is no fault of Kafka. */
async function minimumsOf(admin: Admin, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const resources = names.map((name) => ({
    ...{ type: OF_A_TOPIC, name, configNames: [MIN_IN_SYNC] },
  }));
  try {
    const answer = await admin.describeConfigs({ resources, includeSynonyms: false });
    return new Map(
      answer.resources.flatMap(({ resourceName, configEntries }) => {
        const value = configEntries.find(({ configName }) => configName === MIN_IN_SYNC)?.configValue;
        return value ? [[resourceName, Number(value)] as const] : [];
      }),
    );
  } catch (error) {
    if (troubleOf(error) === 'notAuthorized') return new Map();
    throw error;
  }
}
