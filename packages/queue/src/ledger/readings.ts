/** Reading the Redis ledger: runs, shards, totals, failures. Nothing here writes. Totals cost one read of O(tables). */
import { failure as failureSchema, type ShardRecord } from '@rowparity/contracts';
import {
  countsFrom,
  type LedgerReadings,
  type ShardFailure,
  type TableTotals,
  talliesFrom,
} from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import { damageOf } from './damage.ts';
import type { ReadStore } from './ledgerStore.ts';
import { listHeads, listRuns, readHead, readRun } from './runLists.ts';
import { jsonOrNull } from './runRecords.ts';
import { decodeShard } from './shardRecords.ts';

export function readingsOf(store: ReadStore): LedgerReadings {
  const { redis } = store;
  return {
    getRun: (runId) => readRun(store, runId),
    getHead: (runId) => readHead(store, runId),
    listRuns: (limit) => listRuns(store, limit),
    listHeads: (limit) => listHeads(store, limit),

    async listOpenShards(runId) {
      const members = await orRedisFault(redis.smembers(store.keysOf(runId).open));
      return members.map(Number).sort((a, b) => a - b);
    },

    async getShard(runId, shard) {
      const keys = store.keysOf(runId);
      const [entry, state] = await Promise.all([
        orRedisFault(redis.lindex(keys.plan, shard)),
        orRedisFault(redis.hget(keys.shards, String(shard))),
      ]);
      return entry === null ? undefined : decodeShard(shard, entry, state);
    },

    listShards: (runId, from, limit) => listShards(store, { runId, from, limit }),

    async totals(runId) {
      const keys = store.keysOf(runId);
      const [sums, tables] = await Promise.all([
        orRedisFault(redis.hgetall(keys.totals)),
        orRedisFault(redis.hget(keys.run, 'tables')),
      ]);
      const names = (jsonOrNull(tables ?? undefined) ?? []) as readonly unknown[];
      return names.map((_, table) => tableTotals((name) => Number(sums[`${table}:${name}`] ?? 0)));
    },

    async sums(runId) {
      const sums = await orRedisFault(redis.hgetall(store.keysOf(runId).totals));
      return tableTotals(summed(sums));
    },

    damageOf: (runId) => damageOf(store, runId),

    async failures(runId, limit) {
      const keys = store.keysOf(runId);
      const [total, entries] = await Promise.all([
        orRedisFault(redis.hget(keys.run, 'failures')),
        limit > 0 ? orRedisFault(redis.lrange(keys.failures, 0, limit - 1)) : [],
      ]);
      return { total: Number(total ?? 0), first: entries.map(decodeFailure) };
    },

    async ping() {
      await orRedisFault(redis.ping());
    },
  };
}

async function listShards(
  { redis, keysOf }: ReadStore,
  { runId, from, limit }: { readonly runId: string; readonly from: number; readonly limit: number },
): Promise<readonly ShardRecord[]> {
  if (limit <= 0) return [];
  const keys = keysOf(runId);
  const entries = await orRedisFault(redis.lrange(keys.plan, from, from + limit - 1));
  if (entries.length === 0) return [];
  const indexes = entries.map((_, place) => String(from + place));
  const states = await orRedisFault(redis.hmget(keys.shards, ...indexes));
  return entries.map((entry, place) => decodeShard(from + place, entry, states[place] ?? null));
}

/** Of all tables together; a field is the table and the name of a number. */
function summed(fields: Readonly<Record<string, string>>): (name: string) => number {
  const sums = new Map<string, number>();
  for (const [field, value] of Object.entries(fields)) {
    const name = field.slice(field.indexOf(':') + 1);
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return (name) => sums.get(name) ?? 0;
}

function tableTotals(sum: (name: string) => number): TableTotals {
  return { counts: countsFrom(sum), shards: talliesFrom(sum) };
}

function decodeFailure(entry: string): ShardFailure {
  const [shard, table, failure] = entry.split('\n');
  return { shard: Number(shard), table: Number(table), failure: failureSchema.parse(jsonOrNull(failure)) };
}
