// Faults of the broker that events go to.

import { breakable } from '@rowparity/testkit';
import { type Fault, forMs } from '../fault.ts';

const PAUSED_MS = [1000, 4000] as const;
const AWAY_MS = [1000, 8000] as const;

export const KAFKA_FAULTS: readonly Fault[] = [
  {
    name: 'the brokers are gone for a while',
    async strike({ servers }, random) {
      const kafka = breakable(servers.kafka);
      await kafka.kill();
      await forMs(random.int(...AWAY_MS));
      await kafka.start();
    },
  },
  {
    name: 'the brokers are paused (SIGSTOP)',
    async strike({ servers }, random) {
      const kafka = breakable(servers.kafka);
      await kafka.pause();
      await forMs(random.int(...PAUSED_MS));
      await kafka.resume();
    },
  },
];
