/**
 * Finds the rows of some keys on one side: by point reads, or by reading the page's range again where most rows of a
 * page are candidates. That costs the servers a fraction of the point reads.
 */
import { Fault, type KeyKind, type KeyRange, type KeyTuple } from '@rowparity/contracts';
import { isSameKey, keyText } from '../keys/keyOrder.ts';
import type { PageLimits, RowPage, RowReader } from '../ports/rowSource.ts';
import { keyAt, rowAt } from '../rows/rowPage.ts';
import { keptReading, type Locate, type Reading } from './recheckRound.ts';

export function byPointReads(signal: AbortSignal): Locate {
  // A page that a limit ended says nothing of the keys that are not in it.
  const read = async (reader: RowReader, keys: readonly KeyTuple[]): Promise<Reading[] | undefined> => {
    const page = await reader.readKeys(keys, signal);
    return page.isComplete || keys.length === 1 ? readingsOf(page) : undefined;
  };
  return async (reader, keys) => {
    const first = await read(reader, keys);
    if (!first) return undefined;
    const found = inOrder(first, keys);
    const missing = keys.filter((_key, i) => found[i] === undefined);
    if (missing.length === 0) return { readings: found, isWholeRange: false };
    const readings = found.map(keptReading);
    // A row may be stored under another spelling of its key. One question finds whether any is; only then is each key
    // read by itself, so that the server matches them.
    const others = await read(reader, missing);
    if (!others) return undefined;
    if (others.length === 0) return { readings, isWholeRange: false };
    for (const [i, key] of keys.entries()) readings[i] ??= keptReading((await read(reader, [key]))?.[0]);
    return { readings, isWholeRange: false };
  };
}

/** Only for keys that have one spelling each: text could stand under another one in the range. */
export function byRange(
  asked: { readonly range: KeyRange; readonly limits: PageLimits },
  signal: AbortSignal,
): Locate {
  return async (reader, keys) => {
    const page = await reader.readPage(asked.range, asked.limits, signal);
    // The range now has more rows than a page holds.
    if (!page.isComplete) return undefined;
    return { readings: inOrder(readingsOf(page), keys), isWholeRange: true };
  };
}

export interface RangeSearch {
  readonly range: KeyRange;
  readonly keys: readonly KeyTuple[];
  readonly limits: PageLimits;
}

/** The rows of these keys among all rows of a range, read page by page. */
export async function findInRange(
  reader: RowReader,
  { range, keys, limits }: RangeSearch,
  signal: AbortSignal,
): Promise<readonly (Reading | undefined)[]> {
  const wanted = new Set(keys.map(keyText));
  const found: Reading[] = [];
  let after = range.after;
  for (;;) {
    const from: KeyRange = { after, upTo: range.upTo };
    const page = await reader.readPage(from, limits, signal);
    const rows = Array.from({ length: page.rows }, (_, row) => ({ row, key: keyAt(page, row) }));
    for (const { row, key } of rows) {
      if (wanted.has(keyText(key)))
        found.push({ key, row: Buffer.from(rowAt(page, row)), layout: page.layout });
    }
    if (page.isComplete) return inOrder(found, keys);
    const last = rows.at(-1)?.key;
    if (!last || isSameKey(last, after)) throw noProgress();
    after = last;
  }
}

function noProgress(): Fault {
  const message = 'A server gives the rows of a range again that begins behind them.';
  return new Fault('permanent', { code: 'PROTOCOL_BROKEN', message });
}

export function hasOneSpelling(kinds: readonly KeyKind[]): boolean {
  return !kinds.includes('text');
}

function inOrder(readings: readonly Reading[], keys: readonly KeyTuple[]): (Reading | undefined)[] {
  const byKey = new Map(readings.map((reading) => [keyText(reading.key), reading]));
  return keys.map((key) => byKey.get(keyText(key)));
}

/** Views into the page: a copy of a large row costs as much memory as the row. */
function readingsOf(page: RowPage): Reading[] {
  return Array.from({ length: page.rows }, (_, row) => ({
    key: keyAt(page, row),
    row: rowAt(page, row),
    layout: page.layout,
  }));
}
