import { ledgerConformance } from '@rowparity/core/conformance/ledger';
import { systemClock } from '@rowparity/runtime';
import { testRedis } from '../testing/testRedis.ts';
import { createRedisLedger } from './createRedisLedger.ts';

ledgerConformance('Redis', async () => {
  const { redis, prefix, cleanUp } = testRedis('ledger');
  const connection = redis.duplicate();
  const lose = () => connection.disconnect();
  return {
    ledger: createRedisLedger(connection, { clock: systemClock, prefix }),
    lose,
    async cleanUp() {
      lose();
      await cleanUp();
    },
  };
});
