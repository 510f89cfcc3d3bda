/** Reading the ledger: shards, totals, failures. Totals cost O(tables). */
import { failure as failureSchema } from '@rowparity/contracts';
import type { Ledger, ShardFailure, TableTotals } from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { decodeCounts, decodeShard, jsonOrNull } from './records.ts';

type Readings = Pick<Ledger, 'getShard' | 'listShards' | 'totals' | 'failures'>;

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
