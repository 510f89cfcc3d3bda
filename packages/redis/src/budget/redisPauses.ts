/** The pauses of servers, as the worker that asked them last wrote them. */
import { type HostPause, hostPause } from '@rowparity/contracts';
import type { PauseReadings } from '@rowparity/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { orRedisFault } from '../connection/redisFault.ts';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';
import { hostsKey } from './budgetScripts.ts';

const pauses = z.array(hostPause);

/** No process has asked the server for so long: no shard waits for it any more, and its pause is over. */
const SILENT_MS = 15_000;

/** Sends no command that writes. */
export function openRedisPauses(
  redis: Redis,
  { prefix = DEFAULT_PREFIX }: { readonly prefix?: string } = {},
): PauseReadings {
  const key = hostsKey(expectHashTag(prefix));
  return {
    async pausesOf(hosts) {
      if (hosts.length === 0) return [];
      const fields = hosts.flatMap((id) => [`${id} pauses`, `${id} state`]);
      const texts = await orRedisFault(redis.hmget(key, ...fields));
      const [seconds] = await orRedisFault(redis.time());
      return hosts.flatMap((_, i) => endedWith(texts.slice(2 * i, 2 * i + 2), Number(seconds) * 1000));
    },
  };
}

function endedWith([pausesText, stateText]: readonly (string | null)[], nowMs: number): HostPause[] {
  const atMs = stateAtMs(stateText);
  const isSilent = atMs === undefined || nowMs - atMs > SILENT_MS;
  return readPauses(pausesText).map((pause) =>
    pause.to === null && isSilent ? { ...pause, to: Math.max(pause.from, atMs ?? pause.from) } : pause,
  );
}

function stateAtMs(text: string | null | undefined): number | undefined {
  if (!text) return undefined;
  return z.object({ atMs: z.number() }).safeParse(JSON.parse(text)).data?.atMs;
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
