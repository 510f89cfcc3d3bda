/** The values inside a row of the binary protocol. Only for rows that a buffer kept: it found each of them sound. */
import type { ColumnValue } from '@rowparity/core';
import { NULL_START, rowLayout } from './rowLayout.ts';
import type { WireColumn } from './wireColumn.ts';

/** The first `count` values of the row whose content begins at `start` of `bytes`. Slices of these, not copies. */
export function rowValues(
  { bytes, start }: { readonly bytes: Buffer; readonly start: number },
  columns: readonly WireColumn[],
  count = columns.length,
): ColumnValue[] {
  const spans = rowLayout(columns).spans({ bytes, start }, count);
  const values: ColumnValue[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    values.push(spans[i] === NULL_START ? null : bytes.subarray(spans[i], spans[i + 1]));
  }
  return values;
}
