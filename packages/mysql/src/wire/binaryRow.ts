/** The values inside a row of the binary protocol. Only for rows that a buffer kept: it found each of them sound. */
import type { ColumnValue } from '@rowparity/core';
import { isNull, rowLayout } from './rowLayout.ts';
import type { WireColumn } from './wireColumn.ts';

/** The first `count` values of the row whose content begins at `start` of `bytes`. Slices of these, not copies. */
export function rowValues(
  { bytes, start }: { readonly bytes: Buffer; readonly start: number },
  columns: readonly WireColumn[],
  count = columns.length,
): ColumnValue[] {
  const layout = rowLayout(columns);
  let position = start + layout.headBytes;
  const values: ColumnValue[] = [];
  for (let i = 0; i < count; i += 1) {
    if (isNull(bytes, start, i)) {
      values.push(null);
      continue;
    }
    const value = layout.valueAt(bytes, i, position);
    values.push(bytes.subarray(value.start, value.end));
    position = value.end;
  }
  return values;
}
