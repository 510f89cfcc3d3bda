/** Known differences as Redis keeps them: a hash by row id, and a sorted set that gives their pages an order. */
import { type KnownDifference, knownDifference } from '@rowparity/contracts';
import type { KnownRow, LedgerReadings } from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import type { ReadStore } from './ledgerStore.ts';
import { unreadable } from './runRecords.ts';

/** Row id, state, and the rest as JSON, which holds no line break. */
export function encodeKnown({ rowId, state, ...rest }: KnownRow): string {
  return `${rowId} ${state} ${JSON.stringify(rest)}`;
}

function decodeKnown(rowId: string, packed: string): KnownDifference {
  const [table, state, rest = ''] = packed.split('\n');
  try {
    return knownDifference.parse({
      ...(JSON.parse(rest) as object),
      ...{ table: Number(table), rowId, state },
    });
  } catch (error) {
    throw unreadable(`known difference ${rowId}`, error);
  }
}

type KnownReadings = Pick<LedgerReadings, 'listKnown' | 'findKnown' | 'knownTotals'>;

export function knownReadings(store: ReadStore): KnownReadings {
  const { redis } = store;
  return {
    async listKnown(runId, { limit, after }) {
      if (limit <= 0) return [];
      const { known, knownOrder } = store.keysOf(runId);
      const from = after ? `(${memberOf(after.table, after.rowId)}` : '-';
      const members = await orRedisFault(redis.zrangebylex(knownOrder, from, '+', 'LIMIT', 0, limit));
      if (members.length === 0) return [];
      const rowIds = members.map((member) => member.slice(member.indexOf('~') + 1));
      const packed = await orRedisFault(redis.hmget(known, ...rowIds));
      return rowIds.flatMap((rowId, i) => (packed[i] ? [decodeKnown(rowId, packed[i])] : []));
    },

    async findKnown(runId, table, rowIds) {
      if (rowIds.length === 0) return [];
      const packed = await orRedisFault(redis.hmget(store.keysOf(runId).known, ...rowIds));
      const found = rowIds.map((rowId, i) => (packed[i] ? decodeKnown(rowId, packed[i]) : undefined));
      return found.map((row) => (row?.table === table ? row : undefined));
    },

    async knownTotals(runId) {
      const { run, totals } = store.keysOf(runId);
      const count = Number((await orRedisFault(redis.hget(run, 'tableCount'))) ?? 0);
      if (count === 0) return [];
      const fields = Array.from({ length: count }, (_, table) => [`${table}:kept`, `${table}:beyond`]);
      const values = await orRedisFault(redis.hmget(totals, ...fields.flat()));
      return fields.map((_, table) => ({
        kept: Number(values[2 * table] ?? 0),
        beyond: Number(values[2 * table + 1] ?? 0),
      }));
    },
  };
}

/** The order of the texts is that of the numbers. */
function memberOf(table: number, rowId: string): string {
  return `${String(table).padStart(9, '0')}~${rowId}`;
}
