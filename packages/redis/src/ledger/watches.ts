/** Watches in the Redis ledger: one hash for all of them, each as lines of text. */
import { LEDGER_VERSION, type WatchRecord, watchRecord, watchSpec } from '@rowparity/contracts';
import { brokenRule, canonicalJson, type WatchStore } from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import { runSetKeys } from './ledgerKeys.ts';
import type { LedgerStore } from './ledgerStore.ts';
import { jsonOrNull, numberOrNull, unreadable } from './runRecords.ts';

export function watchesOf(store: LedgerStore): WatchStore {
  const { run, redis, prefix } = store;
  const { watches } = runSetKeys(prefix);
  return {
    async putWatch({ watchId, spec, now, max, forgetBefore }) {
      const text = canonicalJson(watchSpec.parse(spec));
      const [kind] = await run('putWatch', store.keysOf(watchId), [watchId, text, now, max, forgetBefore]);
      if (kind === 'created' || kind === 'same' || kind === 'different' || kind === 'full') return { kind };
      throw brokenRule(watchId, `the script putWatch answered "${String(kind)}".`);
    },

    async getWatch(watchId) {
      const packed = await orRedisFault(redis.hget(watches, watchId));
      return packed === null ? undefined : decodeWatch(watchId, packed);
    },

    async listWatches() {
      const all = Object.entries(await orRedisFault(redis.hgetall(watches)));
      return all.sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, packed]) => decodeWatch(id, packed));
    },

    async stopWatch(watchId, now) {
      const [kind] = await run('stopWatch', store.keysOf(watchId), [watchId, now]);
      return kind === 'stopped';
    },

    async beginGeneration({ watchId, generation, follows, now }) {
      const args = [watchId, generation, follows ?? '', now];
      const [kind] = await run('beginGeneration', store.keysOf(watchId), args);
      return kind === 'began';
    },
  };
}

/** The lines of prelude.lua, in its order. */
function decodeWatch(watchId: string, packed: string): WatchRecord {
  const [state, generation, follows, createdAt, beganAt, stoppedAt, spec] = packed.split('\n');
  try {
    return watchRecord.parse({
      ...{ version: LEDGER_VERSION, watchId, state, spec: jsonOrNull(spec) },
      ...{ generation: Number(generation), follows: follows || null, createdAt: Number(createdAt) },
      ...{ beganAt: numberOrNull(beganAt), stoppedAt: numberOrNull(stoppedAt) },
    });
  } catch (error) {
    throw unreadable(`watch ${watchId}`, error);
  }
}
