/** Names the columns in which two rows of one key differ. */
import type { TablePlan } from '@rowparity/contracts';
import type { ColumnValue, RowPage, RowReader } from '../ports/rowSource.ts';
import { mapSides, type Sides } from '../sides.ts';
import type { Reading } from './recheckRound.ts';

export function differingColumns(
  plan: TablePlan,
  readers: Sides<Pick<RowReader, 'valuesAt'>>,
  rows: Sides<Reading | null>,
): string[] {
  const values = mapSides(rows, (reading, side) =>
    reading ? readers[side].valuesAt(pageOf(reading.row), 0) : [],
  );
  return plan.columns
    .filter((_column, i) => !isSameValue(values.base[i] ?? null, values.target[i] ?? null))
    .map((column) => column.names.base);
}

function isSameValue(a: ColumnValue, b: ColumnValue): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

/** A row that was copied out of its page, as a page of its own. */
function pageOf(row: Buffer): RowPage {
  return { rows: 1, bytes: row, bounds: Uint32Array.of(0, row.length), isComplete: true };
}
