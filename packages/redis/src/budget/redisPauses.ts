/** The pauses of servers, as whoever asked them last wrote them. */
import { type HostPause, hostPause } from '@rowparity/contracts';
import type { PauseReadings } from '@rowparity/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { orRedisFault } from '../connection/redisFault.ts';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';
import { hostsKey } from './budgetScripts.ts';

const pauses = z.array(hostPause);

/** Sends no command that writes. */
export function openRedisPauses(
  redis: Redis,
  { prefix = DEFAULT_PREFIX }: { readonly prefix?: string } = {},
): PauseReadings {
  const key = hostsKey(expectHashTag(prefix));
  return {
    async pausesOf(hosts) {
      if (hosts.length === 0) return [];
      const texts = await orRedisFault(redis.hmget(key, ...hosts.map((id) => `${id} pauses`)));
      return texts.flatMap(readPauses);
    },
  };
}

/** What another version wrote, and this one cannot read, is left out: it is news, not a record. */
export function readPauses(text: string | null | undefined): readonly HostPause[] {
  if (!text) return [];
  try {
    return pauses.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}
