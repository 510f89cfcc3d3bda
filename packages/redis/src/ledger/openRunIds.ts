/**
 * The ids of the runs that are not settled. Were their set lost, nobody would carry these runs on; so now and then the
 * newest runs are asked for their states, and put back into it.
 */
import { orRedisFault } from '../connection/redisFault.ts';
import { runSetKeys } from './ledgerKeys.ts';
import type { LedgerStore } from './ledgerStore.ts';

const SEARCH_MS = 10_000;
/** A run that is not settled is among the newest: runs take hours, and settled ones stay for weeks. */
const SEARCHED_MAX = 1000;
const OPEN_STATES: ReadonlySet<unknown> = new Set(['accepted', 'planning', 'running']);

export function openRunIds(store: LedgerStore): () => Promise<readonly string[]> {
  let searchedAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = performance.now();
    if (nowMs - searchedAtMs >= SEARCH_MS) {
      searchedAtMs = nowMs;
      await putBackLost(store);
    }
    return orRedisFault(store.redis.smembers(runSetKeys(store.prefix).runsOpen));
  };
}

async function putBackLost(store: LedgerStore): Promise<void> {
  const { redis, prefix } = store;
  const { runs, runsOpen } = runSetKeys(prefix);
  const ids = await orRedisFault(redis.zrevrange(runs, 0, SEARCHED_MAX - 1));
  if (ids.length === 0) return;
  const reading = redis.pipeline();
  for (const id of ids) reading.hget(store.keysOf(id).run, 'state');
  const states = (await orRedisFault(reading.exec())) ?? [];
  const open = ids.filter((_, place) => OPEN_STATES.has(states[place]?.[1]));
  if (open.length > 0) await orRedisFault(redis.sadd(runsOpen, ...open));
}
