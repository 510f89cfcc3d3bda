/** Whether a coordinator leads, and how many shard jobs there are. Sends no command that writes. */
import type { FleetReadings } from '@rowparity/core';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';
import { leaseKey } from '../lease/createLease.ts';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';
import { SHARD_QUEUE } from './queueSettings.ts';

export function openRedisFleet(
  redis: Redis,
  { prefix: wanted = DEFAULT_PREFIX }: { readonly prefix?: string } = {},
): FleetReadings {
  const prefix = expectHashTag(wanted);
  const queue = `${prefix}:${SHARD_QUEUE}`;
  return {
    async look() {
      const [leases, waiting, prioritized, active] = await Promise.all([
        orRedisFault(redis.exists(leaseKey(prefix, 'coordinator'))),
        orRedisFault(redis.llen(`${queue}:wait`)),
        orRedisFault(redis.zcard(`${queue}:prioritized`)),
        orRedisFault(redis.llen(`${queue}:active`)),
      ]);
      return { isLed: leases > 0, waiting: waiting + prioritized, active };
    },
  };
}
