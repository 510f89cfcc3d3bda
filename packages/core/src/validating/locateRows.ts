/**
 * Finds the rows of some keys on one side: by point reads, or, where most rows of a page are candidates, by reading
 * the page's range again, which costs the servers a fraction of it.
 */
import type { KeyKind, KeyRange, KeyTuple } from '@rowparity/contracts';
import { rowCopy } from '../comparing/comparePage.ts';
import { Fault } from '../fault.ts';
import { isSameKey, keyText } from '../keys/keyOrder.ts';
import type { PageLimits, RowPage, RowReader } from '../ports/rowSource.ts';
import type { Locate, Reading } from './recheckRound.ts';

/** A reading that may fail and be tried again. */
export type Retried = <T>(step: () => Promise<T>) => Promise<T>;

export function byPointReads(retried: Retried, signal: AbortSignal): Locate {
  const read = async (reader: RowReader, keys: readonly KeyTuple[]): Promise<Reading[]> => {
    const whole = await retried(async () => {
      const page = await reader.readKeys(keys, signal);
      // A page that a limit ended says nothing of the keys that are not in it.
      return page.isComplete || keys.length === 1 ? readingsOf(reader, page) : undefined;
    });
    if (whole) return whole;
    const half = Math.ceil(keys.length / 2);
    return [...(await read(reader, keys.slice(0, half))), ...(await read(reader, keys.slice(half)))];
  };
  return async (reader, keys) => ({ readings: await spelled(reader, keys), isWholeRange: false });

  async function spelled(reader: RowReader, keys: readonly KeyTuple[]) {
    const found = inOrder(await read(reader, keys), keys);
    const missing = keys.filter((_key, i) => found[i] === undefined);
    // A row may stand there under another spelling of its key. One question tells whether any does; only then is
    // each asked for by itself, so that the server matches them.
    if (missing.length === 0 || (await read(reader, missing)).length === 0) return found;
    for (const [i, key] of keys.entries()) found[i] ??= (await read(reader, [key]))[0];
    return found;
  }
}

/** Only for keys that have one spelling each: text could stand under another one in the range. */
export function byRange(
  of: { readonly range: KeyRange; readonly limits: PageLimits; readonly otherwise: Locate },
  retried: Retried,
  signal: AbortSignal,
): Locate {
  return async (reader, keys) => {
    const page = await retried(() => reader.readPage(of.range, of.limits, signal));
    // More rows than a page holds have come into the range since: then each is asked for.
    if (!page.isComplete) return of.otherwise(reader, keys);
    return { readings: inOrder(readingsOf(reader, page), keys), isWholeRange: true };
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
  { retried, signal }: { readonly retried: Retried; readonly signal: AbortSignal },
): Promise<readonly (Reading | undefined)[]> {
  const wanted = new Set(keys.map(keyText));
  const found: Reading[] = [];
  let after = range.after;
  for (;;) {
    const from: KeyRange = { after, upTo: range.upTo };
    const page = await retried(() => reader.readPage(from, limits, signal));
    const rows = Array.from({ length: page.rows }, (_, row) => ({ row, key: reader.keyAt(page, row) }));
    for (const { row, key } of rows) {
      if (wanted.has(keyText(key))) found.push({ key, row: rowCopy(page, row) });
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

/** Copies every row of a page out of the page's buffer. */
function readingsOf(reader: RowReader, page: RowPage): Reading[] {
  return Array.from({ length: page.rows }, (_, row) => ({
    key: reader.keyAt(page, row),
    row: rowCopy(page, row),
  }));
}
