/** Reading the ledger: runs, shards, totals, failures. Totals cost O(tables). */
import { failure as failureSchema } from '@rowparity/contracts';
import {
  type Holder,
  type LedgerReadings,
  type LiveTotals,
  LOST_TABLES,
  missingShards,
  pageOfRuns,
  pendingFrom,
  readRuns,
  type ShardFailure,
  type ShardFailures,
  type StoredTally,
  talliesFrom,
} from '@rowparity/core';
import { groupReadings } from './differenceGroups.ts';
import { knownReadings } from './known.ts';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { decodeCounts, decodeHeader, decodeMark, decodeShard, HEADER, jsonOrNull } from './records.ts';
import { readHeader, readIntent, readPlan, readRemarks, readSpec, readTrace } from './runReads.ts';
import { ALL_TABLES } from './totals.ts';

const NEWEST = `SELECT ${HEADER} FROM runs ORDER BY createdAt DESC, place DESC LIMIT :limit`;

export function readingsOf(store: LedgerStore): LedgerReadings {
  return {
    getRun: async (runId) => readHeader(store, runId),

    async listRuns(limit) {
      const rows = new Map(store.all(NEWEST, { limit }).map((row) => [String(row.runId), row]));
      const read = async (runId: string) => decodeHeader(rows.get(runId) as Row);
      const { runs, unreadable } = await readRuns([...rows.keys()], read);
      return { runs, unreadable };
    },

    pageRuns: (query) =>
      pageOfRuns(query, {
        placesAfter: async (place, count) =>
          store.all(PLACES, { ...(place ?? NEWEST_PLACE), count }).map(({ runId, createdAt }) => ({
            runId: String(runId),
            createdAt: Number(createdAt),
          })),
        read: async (runId) => readHeader(store, runId),
      }),
    runIntents: async (runIds) => runIds.map((runId) => readIntent(store, runId)),
    getSpec: async (runId) => readSpec(store, runId),
    getPlan: async (runId, name) => readPlan(store, runId, name),
    traceOf: async (runId) => readTrace(store, runId),
    getRemarks: async (runId) => readRemarks(store, runId),

    holders: async (runId) => store.all(HOLDERS, { runId }).map(holderOf),

    async listOpenShards(runId) {
      return store
        .all('SELECT shard FROM openShards WHERE runId = :runId ORDER BY shard', { runId })
        .map(({ shard }) => Number(shard));
    },

    async getShard(runId, shard) {
      const row = store.first(SHARD, { runId, shard });
      return row && decodeShard(row);
    },

    async listShards(runId, from, limit) {
      return store.all(SHARDS, { runId, from, limit: Math.max(0, limit) }).map(decodeShard);
    },

    async listShardMarks(runId, from, limit) {
      return store.all(MARKS, { runId, from, limit: Math.max(0, limit) }).map(decodeMark);
    },

    async totals(runId) {
      const length = Number(store.first(TABLE_COUNT, { runId })?.tableCount ?? 0);
      const rows = store.all('SELECT * FROM totals WHERE runId = :runId', { runId });
      const byTable = new Map(rows.map((row) => [Number(row.tableIndex), row]));
      return Array.from({ length }, (_, table) => tableTotals(byTable.get(table)));
    },

    sums: async (runId) => tableTotals(store.first(ALL_TOTALS, { runId })),

    ...knownReadings(store),
    ...groupReadings(store),
    damageOf: async (runId) => damageOf(store, runId),

    failures: async (runId, limit) => failuresOf(store, runId, limit),

    async ping() {
      store.first('SELECT 1', {});
    },
  };
}

/** No run is so new. */
const NEWEST_PLACE = { createdAt: Number.MAX_SAFE_INTEGER, runId: '' };
const PLACES = `SELECT runId, createdAt FROM runs
  WHERE createdAt < :createdAt OR (createdAt = :createdAt AND runId < :runId)
  ORDER BY createdAt DESC, runId DESC LIMIT :count`;

function holderOf({ holder, shards }: Row): Holder {
  return { name: String(holder), shards: Number(shards) };
}

const HOLDERS = `SELECT holder, COUNT(*) AS shards FROM shards
  WHERE runId = :runId AND state = 'running' AND holder IS NOT NULL GROUP BY holder`;

const SHARD = 'SELECT * FROM shards WHERE runId = :runId AND shard = :shard';
const SHARDS = 'SELECT * FROM shards WHERE runId = :runId AND shard >= :from ORDER BY shard LIMIT :limit';
const MARKS = `SELECT tableIndex, after, upTo, keys IS NOT NULL AS holdsKeys, state, outcome, counts, claimedAt, committedAt,
    inheritedFrom FROM shards WHERE runId = :runId AND shard >= :from ORDER BY shard LIMIT :limit`;
const TABLE_COUNT = 'SELECT tableCount FROM runs WHERE runId = :runId';
const ALL_TOTALS = `SELECT * FROM totals WHERE runId = :runId AND tableIndex = ${ALL_TABLES}`;

/** The records of a run count each other, so a missing record shows in the counts of the others. */
const PARTS = `SELECT plannedAt, shards,
    (SELECT COUNT(*) FROM shards WHERE shards.runId = :runId) AS planned,
    (SELECT COALESCE(SUM(totals.shards), 0) FROM totals WHERE totals.runId = :runId AND tableIndex = ${ALL_TABLES}) AS summed,
    planName IS NULL OR EXISTS (SELECT 1 FROM plans WHERE plans.runId = :runId AND name = planName) AS isDescribed
  FROM runs WHERE runId = :runId`;

function damageOf(store: LedgerStore, runId: string): string[] {
  const found = store.first(PARTS, { runId });
  if (!found || found.plannedAt === null) return [];
  return [
    ...(found.isDescribed === 1 ? [] : [LOST_TABLES]),
    ...missingShards('the plan', Number(found.planned), Number(found.shards)),
    ...missingShards('the totals', Number(found.summed), Number(found.shards)),
  ];
}

/** Undefined: a table pair without shards. */
function tableTotals(row: Row | undefined): LiveTotals {
  const numberOf = (name: StoredTally) => Number(row?.[name] ?? 0);
  const counts = decodeCounts(row?.counts ?? '{}');
  return { counts, shards: talliesFrom(numberOf), pending: pendingFrom(numberOf) };
}

function failuresOf(store: LedgerStore, runId: string, limit: number): ShardFailures {
  const total = store.first('SELECT COUNT(*) AS total FROM failures WHERE runId = :runId', { runId });
  const first = store.all('SELECT * FROM failures WHERE runId = :runId ORDER BY place LIMIT :limit', {
    runId,
    limit: Math.max(0, limit),
  });
  return { total: Number(total?.total), first: first.map(decodeFailure) };
}

function decodeFailure({ shard, tableIndex, failure }: Row): ShardFailure {
  return {
    shard: Number(shard),
    table: Number(tableIndex),
    failure: failureSchema.parse(jsonOrNull(failure)),
  };
}
