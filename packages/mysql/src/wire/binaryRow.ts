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
  const spans = valueSpans({ bytes, start }, columns, count);
  const values: ColumnValue[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    values.push(spans[i] === NULL_START ? null : bytes.subarray(spans[i], spans[i + 1]));
  }
  return values;
}

const NULL_START = -1;

/** Where these values begin and end in `bytes`: [2i] and [2i + 1]; the begin is −1 for NULL. */
export function valueSpans(
  { bytes, start }: { readonly bytes: Buffer; readonly start: number },
  columns: readonly WireColumn[],
  count = columns.length,
): number[] {
  const layout = rowLayout(columns);
  let position = start + layout.headBytes;
  const spans: number[] = [];
  for (let i = 0; i < count; i += 1) {
    if (isNull(bytes, start, i)) {
      spans.push(NULL_START, position);
      continue;
    }
    const value = layout.valueAt(bytes, i, position);
    spans.push(value.start, value.end);
    position = value.end;
  }
  return spans;
}
