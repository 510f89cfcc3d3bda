// Topics, made and ready. kafkajs's own waiting fails now and then with a broker that has not heard of the topic yet.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ITopicConfig } from 'kafkajs';

const READY_MS_MAX = 20_000;
const POLL_MS = 50;

/** Resolves when the leader of each partition serves it. Does nothing when the topic is there. */
export async function makeTopic(admin: Admin, wanted: ITopicConfig): Promise<void> {
  await admin.createTopics({ topics: [wanted], waitForLeaders: false });
  const endMs = performance.now() + READY_MS_MAX;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(wanted.topic);
      return;
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await sleep(POLL_MS);
    }
  }
}
