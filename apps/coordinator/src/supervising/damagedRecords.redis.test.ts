import type { Ledger } from '@rowparity/core';
import { closeRedis, connectRedis, createRedisLedger } from '@rowparity/redis';
import { systemClock } from '@rowparity/runtime';
import { freshRedisPrefix, redisServer } from '@rowparity/testkit/vitest';
import { afterEach, beforeEach, it } from 'vitest';
import { BROKEN, expectHealthySettles, twoRuns } from './testing/besideDamaged.ts';

let redis: ReturnType<typeof connectRedis>;
let prefix: string;
let ledger: Ledger;

beforeEach(async () => {
  prefix = freshRedisPrefix();
  redis = connectRedis({ url: redisServer().url, use: 'ledger', onError: () => {} });
  ledger = createRedisLedger(redis, { clock: systemClock, prefix });
  await twoRuns(ledger);
});

afterEach(async () => {
  const keys = await redis.keys(`${prefix}*`);
  if (keys.length > 0) await redis.unlink(...keys);
  await closeRedis(redis);
});

const runKey = () => `${prefix}:ledger:run:${BROKEN}`;

it.each<[string, () => Promise<unknown>, boolean]>([
  ['header', () => redis.hset(runKey(), 'direction', 'UP'), false],
  ['spec', () => redis.hset(runKey(), 'spec', '{'), true],
  ['plan', damagePlan, true],
])(
  'Redis: beside a run with a damaged %s the other one settles, and lists answer',
  async (_, damage, isListed) => {
    await damage();
    await expectHealthySettles(ledger, { isListed });
  },
);

async function damagePlan(): Promise<void> {
  const { planName } = (await ledger.getRun(BROKEN)) ?? {};
  await redis.hset(`${runKey()}:tables`, String(planName), '{');
}
