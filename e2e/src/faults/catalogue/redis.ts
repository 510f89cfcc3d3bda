// Faults of Redis, which holds the ledger and the queue.

import { type Fault, forMs } from '../fault.ts';

const AWAY_MS = [300, 2500] as const;
const PAUSED_MS = [500, 3000] as const;
const LOST_MS = [100, 800] as const;

export const LAGGING_FAILOVER: Fault = {
  name: 'a replica of Redis is promoted that lacks what the primary acknowledged last',
  strike: ({ redis }, random) => redis.failOver(random.int(...LOST_MS)),
};

export const REDIS_FAULTS: readonly Fault[] = [
  {
    name: 'Redis is killed and started again',
    async strike({ redis }, random) {
      const primary = redis.primary();
      await primary.kill();
      await forMs(random.int(...AWAY_MS));
      await primary.start();
    },
  },
  {
    name: 'Redis is paused (SIGSTOP)',
    async strike({ redis }, random) {
      const primary = redis.primary();
      await primary.pause();
      await forMs(random.int(...PAUSED_MS));
      await primary.resume();
    },
  },
  {
    name: 'every connection to Redis is cut, again and again',
    async strike({ redis }, random) {
      for (let cut = 0; cut < 5; cut += 1) {
        redis.link.cut();
        await forMs(random.int(20, 300));
      }
    },
  },
  {
    name: 'the primary of Redis is lost and its replica promoted',
    strike: ({ redis }) => redis.failOver(),
  },
  LAGGING_FAILOVER,
  {
    name: 'connections to Redis die silently (half open)',
    async strike({ redis }, random) {
      redis.link.set({ kind: 'silent' });
      await forMs(random.int(100, 500));
      redis.link.set({ kind: 'fair' });
    },
  },
];
