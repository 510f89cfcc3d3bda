/** The tables of a run as rows for people: those that need a person first, and those that match apart. Pure. */
import type { RunReport, TableReport } from '@rowparity/contracts';
import { differencesOf } from '@rowparity/contracts/words/verdictWords';

export type TableState = 'differs' | 'refused' | 'unproved' | 'running' | 'waiting' | 'match';

export interface TableRow {
  readonly table: TableReport;
  readonly state: TableState;
}

export const STATE_WORDS: Readonly<Record<TableState, string>> = {
  differs: 'differs',
  refused: 'not compared',
  unproved: 'no proof',
  running: 'in work',
  waiting: 'waiting',
  match: 'matches',
};

const ORDER: readonly TableState[] = ['differs', 'refused', 'unproved', 'running', 'waiting', 'match'];

export interface SortedTables {
  /** A person must look at them. */
  readonly needing: readonly TableRow[];
  readonly running: readonly TableRow[];
  readonly waiting: readonly TableRow[];
  readonly matching: readonly TableRow[];
}

/** `filter`: a part of the name, in any case. */
export function sortedTables({ tables }: Pick<RunReport, 'tables'>, filter: string): SortedTables {
  const wanted = filter.trim().toLowerCase();
  const rows = tables
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map((table): TableRow => ({ table, state: stateOf(table) }))
    .toSorted(byNeed);
  const are = (...states: readonly TableState[]) => rows.filter(({ state }) => states.includes(state));
  return {
    needing: are('differs', 'refused', 'unproved'),
    running: are('running'),
    waiting: are('waiting'),
    matching: are('match'),
  };
}

function stateOf({ refusal, counts, outcome, shards }: TableReport): TableState {
  if (refusal) return 'refused';
  if (differencesOf(counts) > 0) return 'differs';
  if (outcome === 'inconclusive' || shards.inconclusive > 0) return 'unproved';
  if (outcome === 'match') return 'match';
  return shards.running + shards.match > 0 ? 'running' : 'waiting';
}

function byNeed(a: TableRow, b: TableRow): number {
  return (
    ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
    differencesOf(b.table.counts) - differencesOf(a.table.counts) ||
    (a.table.name < b.table.name ? -1 : 1)
  );
}
