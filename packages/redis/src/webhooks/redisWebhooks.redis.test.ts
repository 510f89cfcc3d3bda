import { webhooksConformance } from '@rowparity/core/conformance/webhooks';
import { testRedis } from '../testing/testRedis.ts';
import { createRedisWebhooks } from './redisWebhooks.ts';

webhooksConformance('Redis', async () => {
  const { redis, prefix, cleanUp } = testRedis('ledger');
  return { store: createRedisWebhooks(redis, { prefix }), cleanUp };
});
