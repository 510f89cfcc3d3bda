/** Reading the ledger: runs, shards, totals, failures. Totals cost O(tables). */
import { failure as failureSchema } from '@rowparity/contracts';
import {
  type LedgerReadings,
  missingShards,
  type RunList,
  readRuns,
  type ShardFailure,
  type ShardTallies,
  sumCounts,
  type TableTotals,
  talliesFrom,
} from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { decodeCounts, decodeHead, decodeRun, decodeShard, jsonOrNull } from './records.ts';

const NEWEST = 'SELECT * FROM runs ORDER BY createdAt DESC, place DESC LIMIT :limit';
const ONE_RUN = 'SELECT * FROM runs WHERE runId = :runId';

export function readingsOf(store: LedgerStore): LedgerReadings {
  return {
    async getRun(runId) {
      const row = store.first(ONE_RUN, { runId });
      return row && decodeRun(row);
    },

    async getHead(runId) {
      const row = store.first(ONE_RUN, { runId });
      return row && decodeHead(row);
    },

    listRuns: (limit) => listed(store, limit, decodeRun),
    listHeads: (limit) => listed(store, limit, decodeHead),

    async listOpenShards(runId) {
      return store
        .all('SELECT shard FROM openShards WHERE runId = :runId ORDER BY shard', { runId })
        .map(({ shard }) => Number(shard));
    },

    async getShard(runId, shard) {
      const row = store.first('SELECT * FROM shards WHERE runId = :runId AND shard = :shard', {
        runId,
        shard,
      });
      return row && decodeShard(row);
    },

    async listShards(runId, from, limit) {
      return store
        .all('SELECT * FROM shards WHERE runId = :runId AND shard >= :from ORDER BY shard LIMIT :limit', {
          runId,
          from,
          limit: Math.max(0, limit),
        })
        .map(decodeShard);
    },

    async totals(runId) {
      const tables = store.first('SELECT tables FROM runs WHERE runId = :runId', { runId })?.tables;
      const rows = store.all('SELECT * FROM totals WHERE runId = :runId', { runId });
      const byTable = new Map(rows.map((row) => [Number(row.tableIndex), row]));
      return ((jsonOrNull(tables) ?? []) as readonly unknown[]).map((_, table) =>
        tableTotals(byTable.get(table)),
      );
    },

    async sums(runId) {
      const rows = store.all('SELECT * FROM totals WHERE runId = :runId', { runId }).map(tableTotals);
      const tally = (name: keyof ShardTallies) => rows.reduce((sum, { shards }) => sum + shards[name], 0);
      return {
        counts: sumCounts(rows),
        shards: {
          ...{ planned: tally('planned'), running: tally('running') },
          ...{ match: tally('match'), differs: tally('differs'), inconclusive: tally('inconclusive') },
        },
      };
    },

    async damageOf(runId) {
      const found = store.first(PARTS, { runId });
      if (!found || found.plannedAt === null) return [];
      return [
        ...missingShards('the plan', Number(found.planned), Number(found.shards)),
        ...missingShards('the totals', Number(found.summed), Number(found.shards)),
      ];
    },

    async failures(runId, limit) {
      const total = store.first('SELECT COUNT(*) AS total FROM failures WHERE runId = :runId', { runId });
      const first = store.all('SELECT * FROM failures WHERE runId = :runId ORDER BY place LIMIT :limit', {
        runId,
        limit: Math.max(0, limit),
      });
      return { total: Number(total?.total), first: first.map(decodeFailure) };
    },

    async ping() {
      store.first('SELECT 1', {});
    },
  };
}

async function listed<Run>(
  store: LedgerStore,
  limit: number,
  decode: (row: Row) => Run,
): Promise<RunList<Run>> {
  const rows = new Map(store.all(NEWEST, { limit }).map((row) => [String(row.runId), row]));
  const { runs, unreadable } = await readRuns([...rows.keys()], async (runId) =>
    decode(rows.get(runId) as Row),
  );
  return { runs, unreadable };
}

/** The parts of a run count each other, so a part that is gone is missed by the others. */
const PARTS = `SELECT plannedAt, shards,
    (SELECT COUNT(*) FROM shards WHERE shards.runId = :runId) AS planned,
    (SELECT COALESCE(SUM(totals.shards), 0) FROM totals WHERE totals.runId = :runId) AS summed
  FROM runs WHERE runId = :runId`;

/** Undefined: a table pair without shards. */
function tableTotals(row: Row | undefined): TableTotals {
  const shards = talliesFrom((name) => Number(row?.[name] ?? 0));
  return { counts: decodeCounts(row?.counts ?? '{}'), shards };
}

function decodeFailure({ shard, tableIndex, failure }: Row): ShardFailure {
  return {
    shard: Number(shard),
    table: Number(tableIndex),
    failure: failureSchema.parse(jsonOrNull(failure)),
  };
}
