/** The layout of a page whose rows came over the binary protocol: a key first, then the other columns of the plan. */
import type { KeyTuple } from '@rowparity/contracts';
import type { ColumnValue, RowBytes, RowLayout } from '@rowparity/core';
import { rowValues } from '../wire/binaryRow.ts';
import { type KeyForm, valueText } from '../wire/valueText.ts';
import type { WireColumn } from '../wire/wireColumn.ts';

export class WiredLayout implements RowLayout {
  readonly columns: readonly WireColumn[];
  readonly #key: readonly KeyForm[];
  readonly #expectSound: (page: RowBytes, row: number) => void;

  /** `expectSound` throws where the values of a row do not fill it; for rows that were not checked when they came. */
  constructor(
    columns: readonly WireColumn[],
    key: readonly KeyForm[],
    expectSound: (page: RowBytes, row: number) => void = () => undefined,
  ) {
    this.columns = columns;
    this.#key = key;
    this.#expectSound = expectSound;
  }

  keyAt(page: RowBytes, row: number): KeyTuple {
    this.#expectSound(page, row);
    const values = rowValues(rowStart(page, row), this.columns, this.#key.length);
    return this.#key.map((form, i) => valueText(values[i] as Buffer, this.columns[i] as WireColumn, form));
  }

  valuesAt(page: RowBytes, row: number): readonly ColumnValue[] {
    this.#expectSound(page, row);
    return rowValues(rowStart(page, row), this.columns);
  }
}

function rowStart({ bytes, bounds }: RowBytes, row: number) {
  return { bytes, start: bounds[2 * row] as number };
}
