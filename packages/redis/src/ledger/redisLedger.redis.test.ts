import { ledgerConformance } from '@rowparity/core/conformance/ledger';
import { testRedis } from '../testing/testRedis.ts';
import { createRedisLedger } from './createRedisLedger.ts';

ledgerConformance('Redis', async () => {
  const { redis, prefix, cleanUp } = testRedis('ledger');
  return { ledger: createRedisLedger(redis, { prefix }), cleanUp };
});
