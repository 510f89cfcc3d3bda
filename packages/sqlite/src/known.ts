/** Known differences: confirmed rows that are kept with their run, by key. */
import { KNOWN_IN_RUN_MAX, type KnownDifference, knownDifference } from '@rowparity/contracts';
import { type KnownRow, type KnownRows, type LedgerReadings, NONE_KNOWN } from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { jsonOrNull, readable } from './records.ts';
import { ALL_TABLES, type TotalsPlace, tally } from './totals.ts';

/**
 * A row that is known is replaced. Others are kept while there is room in their table and in the run: resolved ones
 * take none. What does not fit is counted.
 */
export function keepKnown(store: LedgerStore, place: TotalsPlace, { rows, beyond, keep }: KnownRows): void {
  const runMax = Number.isFinite(keep) ? KNOWN_IN_RUN_MAX : keep;
  const [kept, all] = [keptIn(store, place), keptIn(store, { ...place, tableIndex: ALL_TABLES })];
  const change = { kept: 0, beyond };
  for (const row of rows) {
    const before = store.first(STATE, { ...place, rowId: row.rowId })?.state;
    const [wasOpen, isOpen] = [before !== undefined && before !== 'resolved', row.state !== 'resolved'];
    const hasRoom = kept + change.kept < keep && all + change.kept < runMax;
    if (!wasOpen && isOpen && !hasRoom) {
      change.beyond += 1;
      continue;
    }
    writeKnown(store, place, row);
    change.kept += Number(isOpen) - Number(wasOpen);
  }
  tally(store, place, change);
}

/** Of a plan that is being written: the totals of the table may not be there yet. */
export function carryKnown(store: LedgerStore, place: TotalsPlace, row: KnownRow): void {
  for (const tableIndex of [place.tableIndex, ALL_TABLES]) {
    store.write(
      'INSERT INTO totals (runId, tableIndex) VALUES (:runId, :tableIndex) ON CONFLICT DO NOTHING',
      {
        ...{ runId: place.runId, tableIndex },
      },
    );
  }
  keepKnown(store, place, { rows: [row], beyond: 0, keep: Number.POSITIVE_INFINITY });
}

function keptIn(store: LedgerStore, place: TotalsPlace): number {
  const row = store.first('SELECT kept FROM totals WHERE runId = :runId AND tableIndex = :tableIndex', {
    ...place,
  });
  return Number(row?.kept ?? 0);
}

function writeKnown(store: LedgerStore, place: TotalsPlace, { rowId, state, ...rest }: KnownRow): void {
  store.write(
    `INSERT INTO known (runId, tableIndex, rowId, state, rest) VALUES (:runId, :tableIndex, :rowId, :state, :rest)
     ON CONFLICT DO UPDATE SET state = :state, rest = :rest`,
    { ...place, rowId, state, rest: JSON.stringify(rest) },
  );
}

const STATE = 'SELECT state FROM known WHERE runId = :runId AND tableIndex = :tableIndex AND rowId = :rowId';
const ONE = 'SELECT * FROM known WHERE runId = :runId AND tableIndex = :tableIndex AND rowId = :rowId';
const PAGE = `SELECT * FROM known
  WHERE runId = :runId AND (tableIndex > :tableIndex OR (tableIndex = :tableIndex AND rowId > :rowId))
  ORDER BY tableIndex, rowId LIMIT :limit`;

type KnownReadings = Pick<LedgerReadings, 'listKnown' | 'findKnown' | 'knownTotals'>;

export function knownReadings(store: LedgerStore): KnownReadings {
  return {
    async listKnown(runId, { limit, after = { table: -1, rowId: '' } }) {
      const { table: tableIndex, rowId } = after;
      return store
        .all(PAGE, { runId, tableIndex, rowId, limit: Math.max(0, limit) })
        .map((row) => decodeKnown(runId, row));
    },

    async findKnown(runId, tableIndex, rowIds) {
      return rowIds.map((rowId) => {
        const row = store.first(ONE, { runId, tableIndex, rowId });
        return row && decodeKnown(runId, row);
      });
    },

    async knownTotals(runId) {
      const length = Number(store.first(TABLE_COUNT, { runId })?.tableCount ?? 0);
      const rows = store.all('SELECT tableIndex, kept, beyond FROM totals WHERE runId = :runId', { runId });
      const byTable = new Map(rows.map((row) => [Number(row.tableIndex), row]));
      return Array.from({ length }, (_, table) => {
        const row = byTable.get(table);
        return row ? { kept: Number(row.kept), beyond: Number(row.beyond) } : NONE_KNOWN;
      });
    },
  };
}

const TABLE_COUNT = 'SELECT tableCount FROM runs WHERE runId = :runId';

function decodeKnown(runId: string, { tableIndex, rowId, state, rest }: Row): KnownDifference {
  return readable(runId, () =>
    knownDifference.parse({ ...(jsonOrNull(rest) as object), table: tableIndex, rowId, state }),
  );
}
