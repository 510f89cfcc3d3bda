/** The layout of a page whose rows came over the binary protocol: a key first, then the other columns of the plan. */
import type { ComparedColumn, KeyTuple } from '@rowparity/contracts';
import type { ColumnValue, RowBytes, RowLayout, Side, TypedValue } from '@rowparity/core';
import { rowValues } from '../wire/binaryRow.ts';
import { rowLayout } from '../wire/rowLayout.ts';
import { integerTextAt, type KeyForm, valueText } from '../wire/valueText.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { typedValue } from './typedValue.ts';

/** What the plan says of the columns, on the side that is read. */
export interface PlannedColumns {
  readonly key: readonly KeyForm[];
  readonly columns: readonly ComparedColumn[];
  readonly side: Side;
}

export class WiredLayout implements RowLayout {
  readonly columns: readonly WireColumn[];
  readonly #planned: PlannedColumns;
  readonly #expectSound: (page: RowBytes, row: number) => void;
  /** `expectSound` throws where the values of a row do not fill it; for rows that were not checked when they came. */
  constructor(
    columns: readonly WireColumn[],
    planned: PlannedColumns,
    expectSound: (page: RowBytes, row: number) => void = () => undefined,
  ) {
    this.columns = columns;
    this.#planned = planned;
    this.#expectSound = expectSound;
  }

  keyAt(page: RowBytes, row: number): KeyTuple {
    this.#expectSound(page, row);
    const [form, ...more] = this.#planned.key;
    if (form?.kind === 'integer' && more.length === 0) return [this.#integerKey(page, row)];
    const values = rowValues(rowStart(page, row), this.columns, this.#planned.key.length);
    return this.#planned.key.map((form, i) =>
      valueText(values[i] as Buffer, this.columns[i] as WireColumn, form),
    );
  }

  valuesAt(page: RowBytes, row: number): readonly ColumnValue[] {
    this.#expectSound(page, row);
    return rowValues(rowStart(page, row), this.columns);
  }

  spansAt(page: RowBytes, row: number): readonly number[] {
    this.#expectSound(page, row);
    return rowLayout(this.columns).spans(rowStart(page, row));
  }

  #integerKey({ bytes, bounds }: RowBytes, row: number): string {
    const column = this.columns[0] as WireColumn;
    const layout = rowLayout(this.columns);
    const first = (bounds[2 * row] as number) + layout.headBytes;
    return integerTextAt({ bytes, ...layout.valueAt(bytes, 0, first) }, column);
  }

  /** The character set of text is not known here: text that is no UTF-8 comes as bytes. */
  typed(values: readonly ColumnValue[], columns: readonly number[]): readonly (TypedValue | null)[] {
    const { columns: planned, side } = this.#planned;
    const typed: (TypedValue | null)[] = [];
    for (const i of columns) {
      const compared = planned[i];
      const wire = this.columns[i] as WireColumn;
      const charset = wire.isBinary ? undefined : 'utf8mb4';
      const type = compared?.types[side] ?? '';
      typed[i] = compared ? typedValue(values[i] ?? null, { compared, wire, charset, type }) : null;
    }
    return typed;
  }
}

function rowStart({ bytes, bounds }: RowBytes, row: number) {
  return { bytes, start: bounds[2 * row] as number };
}
