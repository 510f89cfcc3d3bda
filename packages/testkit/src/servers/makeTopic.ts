// Topics, made and ready, and where they end. kafkajs's own waiting fails now and then with a broker that has not
// heard of the topic yet.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';

const READY_MS_MAX = 20_000;
const POLL_MS = 50;

/** Resolves when the leader of each partition serves it. Does nothing when the topic is there. */
export async function makeTopic(admin: Admin, wanted: ITopicConfig): Promise<void> {
  await admin.createTopics({ topics: [wanted], waitForLeaders: false });
  await topicEnds(admin, wanted.topic);
}

/**
 * Where each partition ends, as soon as its leader can tell: while another is elected, and until it knows what its
 * followers have, it cannot. Throws what the last try threw.
 */
export async function topicEnds(admin: Admin, topic: string): ReturnType<Admin['fetchTopicOffsets']> {
  const endMs = performance.now() + READY_MS_MAX;
  for (;;) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await sleep(POLL_MS);
    }
  }
}
