/** Confirmed differences by the way in which they differ: a row a group, and one for what fits into none. */
import {
  type DifferenceGroup,
  type DifferenceGroups,
  differenceGroup,
  GROUPS_A_TABLE_MAX,
  GROUPS_IN_RUN_MAX,
  groupName,
} from '@rowparity/contracts';
import { type LedgerReadings, largestFirst, type TableGroups, together } from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { jsonOrNull, readable } from './records.ts';
import type { TotalsPlace } from './totals.ts';

export function addGroups(
  store: LedgerStore,
  place: TotalsPlace,
  { groups, beyond }: DifferenceGroups,
): void {
  let left = beyond;
  for (const group of groups) {
    const name = groupName(group);
    const known = store.first(ONE, { ...place, name });
    if (known) writeGroup(store, place, together(decoded(place.runId, known), group));
    else if (hasRoom(store, place)) writeGroup(store, place, group);
    else left += group.rows;
  }
  if (left > 0) countBeyond(store, place, left);
}

function hasRoom(store: LedgerStore, { runId, tableIndex }: TotalsPlace): boolean {
  const inTable = Number(store.first(COUNT_OF_TABLE, { runId, tableIndex })?.groups);
  return (
    inTable < GROUPS_A_TABLE_MAX && Number(store.first(COUNT_OF_RUN, { runId })?.groups) < GROUPS_IN_RUN_MAX
  );
}

function writeGroup(store: LedgerStore, place: TotalsPlace, group: DifferenceGroup): void {
  store.write(
    `INSERT INTO differenceGroups (runId, tableIndex, name, rows, content)
     VALUES (:runId, :tableIndex, :name, :rows, :content)
     ON CONFLICT DO UPDATE SET rows = :rows, content = :content`,
    { ...place, name: groupName(group), rows: group.rows, content: JSON.stringify(group) },
  );
}

function countBeyond(store: LedgerStore, place: TotalsPlace, rows: number): void {
  store.write(
    `INSERT INTO differenceGroups (runId, tableIndex, name, rows) VALUES (:runId, :tableIndex, '', :rows)
     ON CONFLICT DO UPDATE SET rows = rows + :rows`,
    { ...place, rows },
  );
}

const ONE =
  'SELECT * FROM differenceGroups WHERE runId = :runId AND tableIndex = :tableIndex AND name = :name';
const COUNT_OF_TABLE = `SELECT COUNT(*) AS groups FROM differenceGroups
  WHERE runId = :runId AND tableIndex = :tableIndex AND content IS NOT NULL`;
const COUNT_OF_RUN =
  'SELECT COUNT(*) AS groups FROM differenceGroups WHERE runId = :runId AND content IS NOT NULL';

export function groupReadings(store: LedgerStore): Pick<LedgerReadings, 'differenceGroups'> {
  return {
    async differenceGroups(runId) {
      const rows = store.all(
        'SELECT * FROM differenceGroups WHERE runId = :runId ORDER BY tableIndex, name',
        { runId },
      );
      const tables = Map.groupBy(rows, ({ tableIndex }) => Number(tableIndex));
      return [...tables].map(([table, all]): TableGroups => {
        const groups = all.filter(({ content }) => content !== null).map((row) => decoded(runId, row));
        const beyond = all.find(({ content }) => content === null)?.rows;
        return { table, groups: largestFirst(groups), beyond: Number(beyond ?? 0) };
      });
    },
  };
}

function decoded(runId: string, { content }: Row): DifferenceGroup {
  return readable(runId, () => differenceGroup.parse(jsonOrNull(content)));
}
