/** Reading the ledger: shards, totals, failures. Totals cost O(tables). */
import { failure as failureSchema } from '@rowparity/contracts';
import {
  type Ledger,
  type ShardFailure,
  type ShardTallies,
  sumCounts,
  type TableTotals,
} from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { decodeCounts, decodeShard, jsonOrNull } from './records.ts';

type Readings = Pick<Ledger, 'getShard' | 'listShards' | 'totals' | 'sums' | 'damageOf' | 'failures'>;

export function readingsOf(store: LedgerStore): Readings {
  return {
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
        ...few('the plan', found.planned, found.shards),
        ...few('the totals', found.summed, found.shards),
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
  };
}

/** The parts of a run count each other, so a part that is gone is missed by the others. */
const PARTS = `SELECT plannedAt, shards,
    (SELECT COUNT(*) FROM shards WHERE shards.runId = :runId) AS planned,
    (SELECT COALESCE(SUM(totals.shards), 0) FROM totals WHERE totals.runId = :runId) AS summed
  FROM runs WHERE runId = :runId`;

function few(part: string, found: unknown, expected: unknown): string[] {
  return Number(found) < Number(expected) ? [`${part} (${found} of ${expected} shards are there)`] : [];
}

/** Undefined: a table pair without shards. */
function tableTotals(row: Row | undefined): TableTotals {
  const sum = (name: string): number => Number(row?.[name] ?? 0);
  const held = {
    running: sum('running'),
    match: sum('match'),
    differs: sum('differs'),
    inconclusive: sum('inconclusive'),
  };
  const planned = sum('shards') - held.running - held.match - held.differs - held.inconclusive;
  return { counts: decodeCounts(row?.counts ?? '{}'), shards: { planned, ...held } };
}

function decodeFailure({ shard, tableIndex, failure }: Row): ShardFailure {
  return {
    shard: Number(shard),
    table: Number(tableIndex),
    failure: failureSchema.parse(jsonOrNull(failure)),
  };
}
