/** Reading the Redis ledger: shards, totals, failures. Totals cost one read of O(tables). */
import { COUNT_NAMES, type Counts, failure as failureSchema, type ShardRecord } from '@rowparity/contracts';
import type { Ledger, ShardFailure, TableTotals } from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import { damageOf } from './damage.ts';
import type { LedgerStore } from './ledgerStore.ts';
import { jsonOrNull } from './runRecords.ts';
import { decodeShard } from './shardRecords.ts';

type Readings = Pick<Ledger, 'getShard' | 'listShards' | 'totals' | 'sums' | 'damageOf' | 'failures'>;

export function readingsOf(store: LedgerStore): Readings {
  const { redis } = store;
  return {
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
  };
}

async function listShards(
  { redis, keysOf }: LedgerStore,
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
  const counts = Object.fromEntries(COUNT_NAMES.map((name) => [name, sum(name)])) as Counts;
  const held = {
    running: sum('running'),
    match: sum('match'),
    differs: sum('differs'),
    inconclusive: sum('inconclusive'),
  };
  const planned = sum('shards') - held.running - held.match - held.differs - held.inconclusive;
  return { counts, shards: { planned, ...held } };
}

function decodeFailure(entry: string): ShardFailure {
  const [shard, table, failure] = entry.split('\n');
  return { shard: Number(shard), table: Number(table), failure: failureSchema.parse(jsonOrNull(failure)) };
}
