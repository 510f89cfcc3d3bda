/** Sums by table pair and of all together, kept by the writes that they count. */
import { addCounts, type Counts } from '@rowparity/contracts';
import { STORED_TALLIES, type StoredTally } from '@rowparity/core';
import type { LedgerStore } from './ledgerStore.ts';
import { decodeCounts } from './records.ts';

/** Stands for all table pairs together. */
export const ALL_TABLES = -1;

export interface TotalsPlace {
  readonly runId: string;
  readonly tableIndex: number;
}

const BOTH = `runId = :runId AND tableIndex IN (:tableIndex, ${ALL_TABLES})`;

/** Of a plan that is being written: the rows may not be there yet. */
export function addPlannedShard(store: LedgerStore, { runId, tableIndex }: TotalsPlace): void {
  for (const table of [tableIndex, ALL_TABLES]) {
    store.write(
      `INSERT INTO totals (runId, tableIndex, shards) VALUES (:runId, :tableIndex, 1)
       ON CONFLICT DO UPDATE SET shards = shards + 1`,
      { runId, tableIndex: table },
    );
  }
}

export function tally(
  store: LedgerStore,
  { runId, tableIndex }: TotalsPlace,
  change: Partial<Record<StoredTally, number>>,
): void {
  const changed = STORED_TALLIES.map((name) => `${name} = ${name} + :${name}`).join(', ');
  const values = Object.fromEntries(STORED_TALLIES.map((name) => [name, change[name] ?? 0]));
  store.write(`UPDATE totals SET ${changed} WHERE ${BOTH}`, { runId, tableIndex, ...values });
}

export function addToTotals(store: LedgerStore, { runId, tableIndex }: TotalsPlace, add: Counts): void {
  const rows = store.all(`SELECT tableIndex, counts FROM totals WHERE ${BOTH}`, { runId, tableIndex });
  for (const row of rows) {
    const counts = JSON.stringify(addCounts(decodeCounts(row.counts), add));
    store.write('UPDATE totals SET counts = :counts WHERE runId = :runId AND tableIndex = :tableIndex', {
      ...{ runId, tableIndex: Number(row.tableIndex), counts },
    });
  }
}
