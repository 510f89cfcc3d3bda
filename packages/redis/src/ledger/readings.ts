/** Reading the Redis ledger: runs, shards, totals, failures. Nothing here writes. Totals cost one read of O(tables). */
import { COUNT_NAMES, failure as failureSchema } from '@rowparity/contracts';
import {
  countsFrom,
  type Holder,
  type LedgerReadings,
  type LiveTotals,
  pendingFrom,
  type ShardFailure,
  STORED_TALLIES,
  talliesFrom,
} from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import { damageOf } from './damage.ts';
import { groupReadings } from './groupRecords.ts';
import { knownReadings } from './knownRecords.ts';
import type { ReadStore } from './ledgerStore.ts';
import { runIntents } from './runIntents.ts';
import { listRuns, pageRuns, readHeader, readPlan, readRemarks, readSpec, readTrace } from './runLists.ts';
import { jsonOrNull } from './runRecords.ts';
import { decodeMark, decodeShard, holderIn } from './shardRecords.ts';

export function readingsOf(store: ReadStore): LedgerReadings {
  const { redis } = store;
  return {
    getRun: (runId) => readHeader(store, runId),
    listRuns: (limit) => listRuns(store, limit),
    pageRuns: (query) => pageRuns(store, query),
    runIntents: (runIds) => runIntents(store, runIds),
    getSpec: (runId) => readSpec(store, runId),
    getPlan: (runId, name) => readPlan(store, runId, name),
    traceOf: (runId) => readTrace(store, runId),
    getRemarks: (runId) => readRemarks(store, runId),

    holders: (runId) => holdersOf(store, runId),

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

    listShards: (runId, from, limit) => listShards(store, { runId, from, limit, decode: decodeShard }),
    listShardMarks: (runId, from, limit) =>
      listShards(store, { runId, from, limit, decode: (_, entry, state) => decodeMark(entry, state) }),

    async totals(runId) {
      const keys = store.keysOf(runId);
      const [sums, count] = await Promise.all([
        orRedisFault(redis.hgetall(keys.totals)),
        orRedisFault(redis.hget(keys.run, 'tableCount')),
      ]);
      const totalsOf = (table: number) => tableTotals((name) => Number(sums[`${table}:${name}`] ?? 0));
      return Array.from({ length: Number(count ?? 0) }, (_, table) => totalsOf(table));
    },

    async sums(runId) {
      const values = await orRedisFault(redis.hmget(store.keysOf(runId).totals, ...SUM_FIELDS));
      const sums = new Map(SUM_NAMES.map((name, place) => [name, Number(values[place] ?? 0)]));
      return tableTotals((name) => sums.get(name) ?? 0);
    },

    ...knownReadings(store),
    ...groupReadings(store),

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

/** As many shards as a page of the map; a larger window tells of a part of its holders. */
const HELD_LOOKED_AT_MAX = 10_000;
const HELD_SLICE = 500;

async function holdersOf({ redis, keysOf }: ReadStore, runId: string): Promise<readonly Holder[]> {
  const { open, shards } = keysOf(runId);
  const members = (await orRedisFault(redis.smembers(open))).slice(0, HELD_LOOKED_AT_MAX);
  const held = new Map<string, number>();
  for (let first = 0; first < members.length; first += HELD_SLICE) {
    const states = await orRedisFault(redis.hmget(shards, ...members.slice(first, first + HELD_SLICE)));
    for (const name of states.flatMap((state) => holderIn(state) ?? []))
      held.set(name, (held.get(name) ?? 0) + 1);
  }
  return [...held].map(([name, count]) => ({ name, shards: count }));
}

interface ShardList<T> {
  readonly runId: string;
  readonly from: number;
  readonly limit: number;
  decode(shard: number, entry: string, state: string | null): T;
}

async function listShards<T>(
  { redis, keysOf }: ReadStore,
  { runId, from, limit, decode }: ShardList<T>,
): Promise<readonly T[]> {
  if (limit <= 0) return [];
  const keys = keysOf(runId);
  const entries = await orRedisFault(redis.lrange(keys.plan, from, from + limit - 1));
  if (entries.length === 0) return [];
  const indexes = entries.map((_, place) => String(from + place));
  const states = await orRedisFault(redis.hmget(keys.shards, ...indexes));
  return entries.map((entry, place) => decode(from + place, entry, states[place] ?? null));
}

/** Of all tables together. */
const SUM_NAMES: readonly string[] = [...STORED_TALLIES, ...COUNT_NAMES];
const SUM_FIELDS = SUM_NAMES.map((name) => `all:${name}`);

function tableTotals(sum: (name: string) => number): LiveTotals {
  return { counts: countsFrom(sum), shards: talliesFrom(sum), pending: pendingFrom(sum) };
}

function decodeFailure(entry: string): ShardFailure {
  const [shard, table, failure] = entry.split('\n');
  return { shard: Number(shard), table: Number(table), failure: failureSchema.parse(jsonOrNull(failure)) };
}
