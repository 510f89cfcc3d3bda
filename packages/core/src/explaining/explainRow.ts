/** Why two rows of one key differ: a cause for each column that differs. */
import type { DifferenceCause, TablePlan } from '@rowparity/contracts';
import type { ColumnValue } from '../ports/rowSource.ts';
import type { TypedValue } from '../ports/typedValue.ts';
import { compareColumns } from '../rows/compareColumns.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { causeOf } from './causeOf.ts';

/** A row of one side, by the plan's columns. */
export interface ReadableRow {
  /** As the bytes came: they decide what differs. */
  readonly values: readonly ColumnValue[];
  readonly typed: readonly (TypedValue | null)[];
}

export interface ColumnDifference {
  /** Index into the plan's columns. */
  readonly column: number;
  readonly cause: DifferenceCause;
}

/** Columns whose name says that the server or the application stamps it with the time of a change. */
const UPDATE_TIME = /^(last_?)?(updated?|modified|changed|mtime)(_?(at|on|date|time|ts|timestamp))?$/i;

/** Empty where the rules of the plan make the rows equal. */
export function explainRow(plan: TablePlan, rows: Sides<ReadableRow>): readonly ColumnDifference[] {
  const names = new Set(
    compareColumns(
      plan,
      mapSides(rows, ({ values }) => values),
    ).columns,
  );
  const columns = [...plan.columns.keys()].filter((i) => names.has(plan.columns[i]?.names.base ?? ''));
  return explainColumns(
    plan,
    columns,
    mapSides(rows, ({ typed }) => typed),
  );
}

/**
 * Of columns that differ; only their values are looked at. Two columns that hold each other's values are swapped; a
 * time of the last change that alone differs is told apart from damage.
 */
export function explainColumns(
  plan: TablePlan,
  columns: readonly number[],
  values: Sides<readonly (TypedValue | null)[]>,
): readonly ColumnDifference[] {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined && isUpdateTime(plan, only, values)) {
    return [{ column: only, cause: { code: 'updateTime' } }];
  }
  const swapped = columns.length > 1 ? swappedAmong(columns, values) : NONE;
  return columns.map((column) => {
    const pair = { base: values.base[column] ?? null, target: values.target[column] ?? null };
    return { column, cause: swapped.has(column) ? { code: 'swapped' } : causeOf(pair) };
  });
}

const NONE: ReadonlySet<number> = new Set();

function isUpdateTime(
  plan: TablePlan,
  column: number,
  { base, target }: Sides<readonly (TypedValue | null)[]>,
): boolean {
  const isMoment = base[column]?.kind === 'moment' && target[column]?.kind === 'moment';
  return isMoment && UPDATE_TIME.test(plan.columns[column]?.names.base ?? '');
}

function swappedAmong(
  columns: readonly number[],
  { base, target }: Sides<readonly (TypedValue | null)[]>,
): ReadonlySet<number> {
  const swapped = new Set<number>();
  for (const [i, a] of columns.entries()) {
    for (const b of columns.slice(i + 1)) {
      const isSwapped = isSame(base[a], target[b]) && isSame(base[b], target[a]);
      if (isSwapped) swapped.add(a).add(b);
    }
  }
  return swapped;
}

/** NULLs prove nothing. */
function isSame(a: TypedValue | null | undefined, b: TypedValue | null | undefined): boolean {
  return a != null && b != null && a.kind === b.kind && a.text === b.text;
}
