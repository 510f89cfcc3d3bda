/**
 * The ids of the runs that are not settled. If Redis lost the set, no coordinator would continue these runs. So the
 * states of the newest runs are read at intervals, and missing ids are added to the set again. The same search drops
 * the ids of settled runs that have expired.
 */
import { orRedisFault } from '../connection/redisFault.ts';
import { runSetKeys } from './ledgerKeys.ts';
import type { LedgerStore, ReadStore } from './ledgerStore.ts';

const SEARCH_MS = 10_000;
/** A run that is not settled is among the newest: runs take hours, and settled ones stay for weeks. */
const SEARCHED_MAX = 1000;
/** Runs expire in about the order of their age, so the oldest ids are those whose records are gone. */
const EXPIRED_A_SEARCH_MAX = 100;
const OPEN_STATES: ReadonlySet<unknown> = new Set(['accepted', 'planning', 'running']);

export function openRunIds(store: LedgerStore): () => Promise<readonly string[]> {
  let searchedAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = store.clock.steadyNow();
    if (nowMs - searchedAtMs >= SEARCH_MS) {
      searchedAtMs = nowMs;
      await putBackLost(store);
      await dropExpired(store);
    }
    return orRedisFault(store.redis.smembers(runSetKeys(store.prefix).runsOpen));
  };
}

async function putBackLost(store: ReadStore): Promise<void> {
  const { redis, prefix } = store;
  const { runs, runsOpen } = runSetKeys(prefix);
  const ids = await orRedisFault(redis.zrevrange(runs, 0, SEARCHED_MAX - 1));
  const states = await statesOf(store, ids);
  const open = ids.filter((_, place) => OPEN_STATES.has(states[place]));
  if (open.length > 0) await orRedisFault(redis.sadd(runsOpen, ...open));
}

async function dropExpired(store: ReadStore): Promise<void> {
  const { redis, prefix } = store;
  const { runs } = runSetKeys(prefix);
  const ids = await orRedisFault(redis.zrange(runs, 0, EXPIRED_A_SEARCH_MAX - 1));
  const states = await statesOf(store, ids);
  const gone = ids.filter((_, place) => states[place] === null);
  if (gone.length > 0) await orRedisFault(redis.zrem(runs, ...gone));
}

/** Null where there is no record; undefined where its key holds something else. */
async function statesOf({ redis, keysOf }: ReadStore, ids: readonly string[]): Promise<readonly unknown[]> {
  if (ids.length === 0) return [];
  const reading = redis.pipeline();
  for (const id of ids) reading.hget(keysOf(id).run, 'state');
  const states = (await orRedisFault(reading.exec())) ?? [];
  return states.map(([error, state]) => (error ? undefined : state));
}
