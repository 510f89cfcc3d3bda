/** The groups of a run's differences for its report: the largest ones of all tables, by names. */
import { type DifferenceGroup, GROUPS_TOLD_MAX, type RunReport } from '@rowparity/contracts';
import type { WholeTable } from '../ledgering/wholeRun.ts';
import type { TableGroups } from '../ports/ledger.ts';

export function reportedGroups(
  tables: readonly WholeTable[],
  all: readonly TableGroups[],
): Pick<RunReport, 'causes' | 'causesBeyond'> {
  const sorted = all
    .flatMap(({ table, groups }) => groups.map((group) => ({ table: tables[table], group })))
    .sort((a, b) => b.group.rows - a.group.rows);
  const left = sorted.slice(GROUPS_TOLD_MAX).reduce((sum, { group }) => sum + group.rows, 0);
  return {
    causes: sorted.slice(0, GROUPS_TOLD_MAX).map(({ table, group }) => ({
      ...group,
      // Text that looks like numbers is no range of them.
      ...(isInteger(table) ? {} : { low: null, high: null }),
      table: table?.name ?? '',
      example: exampleOf(group, table),
    })),
    causesBeyond: left + all.reduce((sum, { beyond }) => sum + beyond, 0),
  };
}

function isInteger(table: WholeTable | undefined): boolean {
  const [first, ...more] = table?.plan?.key ?? [];
  return first?.kind === 'integer' && more.length === 0;
}

function exampleOf({ example }: DifferenceGroup, table: WholeTable | undefined) {
  if (!example) return null;
  return Object.fromEntries(
    example.map((text, i) => {
      const column = table?.plan?.key[i]?.column;
      return [(column !== undefined && table?.plan?.columns[column]?.names.base) || `${i}`, text];
    }),
  );
}
