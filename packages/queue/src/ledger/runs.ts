/** Runs in the Redis ledger: created once, settled once, listed by age. */
import { type Failure, LEDGER_VERSION, type RunRecord, type Verdict } from '@rowparity/contracts';
import { canonicalJson, type Ledger, type VerdictBasis } from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import { runSetKeys } from './ledgerKeys.ts';
import type { LedgerStore } from './ledgerStore.ts';
import { decodeRun, fieldsOf, isSameSpec } from './runRecords.ts';

/** Runs read at once while listing: a record with a thousand tables is about a megabyte. */
const LIST_SLICE = 50;

type Runs = Pick<
  Ledger,
  'createRun' | 'getRun' | 'listRuns' | 'openRuns' | 'settle' | 'requestCancel' | 'deleteRun'
>;

export function runsOf(store: LedgerStore): Runs {
  const { redis, prefix, run } = store;
  const sets = runSetKeys(prefix);

  return {
    async createRun(spec, now) {
      const args = [spec.runId, canonicalJson(spec), now, LEDGER_VERSION];
      const [kind, fields] = await run('createRun', store.keysOf(spec.runId), args);
      if (kind === 'created') return { kind: 'created' };
      const found = decodeRun(fieldsOf(fields as readonly unknown[]));
      return { kind: isSameSpec(found.spec, spec) ? 'same' : 'different', run: found };
    },

    async getRun(runId) {
      const fields = await orRedisFault(redis.hgetall(store.keysOf(runId).run));
      return Object.keys(fields).length > 0 ? decodeRun(fields) : undefined;
    },

    listRuns: (limit) => listRuns(store, limit),

    async openRuns() {
      return orRedisFault(redis.smembers(sets.runsOpen));
    },

    async settle(runId, verdict, failure, now, basis) {
      const args = settleArgs(store, { runId, verdict, failure, now, basis });
      const [kind] = await run('settle', store.keysOf(runId), args);
      return kind === 'settled';
    },

    async requestCancel(runId) {
      const [kind] = await run('requestCancel', store.keysOf(runId), []);
      return kind === 'cancelled';
    },

    async deleteRun(runId) {
      const [kind] = await run('deleteRun', store.keysOf(runId), [runId]);
      return kind === 'deleted' || kind === 'open' ? kind : 'unknown';
    },
  };
}

export function settleArgs(
  store: LedgerStore,
  of: {
    readonly runId: string;
    readonly verdict: Verdict;
    readonly failure: Failure | null;
    readonly now: number;
    /** Left out, the record's tables stay, and whatever is done is done. */
    readonly basis?: VerdictBasis | undefined;
  },
): readonly (string | number)[] {
  const { runId, verdict, failure, now, basis } = of;
  const texts = {
    failure: failure ? JSON.stringify(failure) : '',
    tables: basis ? JSON.stringify(basis.tables) : '',
  };
  const end = [verdict, texts.failure, now, store.nameWrite(), store.settledKeptMs];
  return [runId, ...end, texts.tables, basis?.doneShards ?? ''];
}

async function listRuns(store: LedgerStore, limit: number): Promise<readonly RunRecord[]> {
  const { redis, prefix } = store;
  const { runs } = runSetKeys(prefix);
  const found: RunRecord[] = [];
  let from = 0;
  while (found.length < limit) {
    const ids = await orRedisFault(redis.zrevrange(runs, from, from + LIST_SLICE - 1));
    if (ids.length === 0) break;
    const records = await Promise.all(
      ids.map((runId) => orRedisFault(redis.hgetall(store.keysOf(runId).run))),
    );
    found.push(...records.flatMap((fields) => (Object.keys(fields).length > 0 ? [decodeRun(fields)] : [])));
    const expired = ids.filter((_, place) => Object.keys(records[place] ?? {}).length === 0);
    await forgetExpired(store, expired);
    from += ids.length - expired.length;
  }
  return found.slice(0, limit);
}

/** Settled runs leave by themselves after a while; their ids leave when somebody lists them. */
async function forgetExpired(store: LedgerStore, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await orRedisFault(store.redis.zrem(runSetKeys(store.prefix).runs, ...ids));
}
