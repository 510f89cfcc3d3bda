/** The statements that repair the rows of events, as these rows are now, and what is left out. */
import type { RunSpec, TablePlan } from '@rowparity/contracts';
import type { Reference } from '@rowparity/core';
import type { RepairRows, RowRepair, StatementPair } from '@rowparity/mysql';
import { keyOf, plansOf, type ShowDeps } from '../diffing/showRows.ts';
import type { WantedRow } from '../diffing/wantedRows.ts';
import { UsageError } from '../usage/usageError.ts';

/** Rows that are read at once. */
const KEYS_A_READ = 100;

export type LeftOutReason = 'equal' | 'moving' | 'generated' | 'unwritable' | 'stale' | 'unstable';

export interface KeyedRepair extends StatementPair {
  readonly type: 'target_missing' | 'neq' | 'base_missing';
  /** Table, key and columns, for a comment. */
  readonly of: string;
}

export interface TableRepairs {
  /** On the source. */
  readonly table: string;
  /** On the side that is written to. */
  readonly target: string;
  readonly repairs: readonly KeyedRepair[];
  readonly leftOut: readonly { readonly of: string; readonly reason: LeftOutReason }[];
  readonly references: readonly Reference[];
  /** What a person should know before the statements run. */
  readonly warnings: readonly string[];
}

export async function gatherRepairs(
  spec: RunSpec,
  wanted: readonly WantedRow[],
  deps: ShowDeps,
): Promise<readonly TableRepairs[]> {
  const plans = await plansOf(spec, deps);
  const found: TableRepairs[] = [];
  for (const [table, rows] of Map.groupBy(wanted, (row) => row.table)) {
    const plan = plans.get(table);
    if (!plan) throw new UsageError(`table ${table}: it is not there`);
    found.push(await ofTable(rows, { spec, plan, table }, deps));
  }
  return found;
}

interface Planned {
  readonly spec: RunSpec;
  readonly plan: TablePlan;
  readonly table: string;
}

async function ofTable(
  rows: readonly WantedRow[],
  { spec, plan, table }: Planned,
  { databases, signal }: ShowDeps,
): Promise<TableRepairs> {
  const stable = rows.filter(({ event }) => event.Stability !== 'unstable');
  const repairs: KeyedRepair[] = [];
  const unstable = rows.filter((row) => !stable.includes(row));
  const leftOut: { of: string; reason: LeftOutReason }[] = unstable.map((row) => ({
    of: nameOf(row, plan),
    reason: 'unstable',
  }));
  const reader = await databases.repairRows(spec, plan, signal);
  try {
    for (let offset = 0; offset < stable.length; offset += KEYS_A_READ) {
      const part = stable.slice(offset, offset + KEYS_A_READ);
      const now = await reader.repairs(
        part.map((row) => keyOf(row, plan)),
        signal,
      );
      for (const [i, repair] of now.entries()) {
        const row = part[i] as WantedRow;
        const name = nameOf(row, plan);
        const reason = reasonAgainst(row, repair);
        if (repair.kind !== 'statement' || reason) leftOut.push({ of: name, reason: reason ?? 'stale' });
        else
          repairs.push({
            ...repair,
            of: repair.columns.length > 0 ? `${name}: ${repair.columns.join(', ')}` : name,
          });
      }
    }
    const target = plan.tables.target.table;
    const references = reader.facts.referring.map(({ child, parent }) => ({ child, parent }));
    return { table, target, repairs, leftOut, references, warnings: warningsOf(reader, { table, repairs }) };
  } finally {
    await reader.close();
  }
}

/** Why no statement is written; undefined where one is. */
function reasonAgainst({ event }: WantedRow, repair: RowRepair): LeftOutReason | undefined {
  if (repair.kind !== 'statement') return repair.kind;
  if (repair.type !== event.Type) return 'stale';
  if (!event.Columns) return undefined;
  const told = new Set(event.Columns);
  const isAsTold = repair.columns.length === told.size && repair.columns.every((column) => told.has(column));
  return isAsTold ? undefined : 'stale';
}

function warningsOf(
  { facts, leftOut }: RepairRows,
  { table, repairs }: { readonly table: string; readonly repairs: readonly KeyedRepair[] },
): string[] {
  const inserts = repairs.some(({ type }) => type === 'target_missing');
  return [
    ...(facts.hasTriggers ? [`${table} has triggers: they run for each statement`] : []),
    ...(inserts && leftOut.length > 0
      ? [`${table}: inserted rows get the defaults of columns that are not compared: ${leftOut.join(', ')}`]
      : []),
  ];
}

function nameOf(row: WantedRow, plan: TablePlan): string {
  const key = keyOf(row, plan);
  const parts = plan.key.map(({ column }, i) => `${plan.columns[column]?.names.base}=${key[i]}`);
  return `${row.table} ${parts.join(', ')}`;
}
