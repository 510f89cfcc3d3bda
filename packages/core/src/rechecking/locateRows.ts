/**
 * Finds the rows of some keys on one side: by point reads, or by reading the page's range again where most rows of a
 * page are candidates. That costs the servers a fraction of the point reads.
 */
import { hash } from 'node:crypto';
import { Fault, type KeyKind, type KeyRange, type KeyTuple } from '@rowparity/contracts';
import { isSameKey, keyText } from '../keys/keyOrder.ts';
import type { PageLimits, RowPage, RowReader } from '../ports/rowSource.ts';
import { keyAt } from '../rows/rowPage.ts';
import type { Sides } from '../sides/sides.ts';
import { keptReading, type Locate, type Reading } from './recheckRound.ts';

/** More than lie between two candidates of a dense page, as a rule. */
const NEAR_ROWS = 32;

export function byPointReads(signal: AbortSignal): Locate {
  // A page that a limit ended says nothing of the keys that are not in it.
  const read = async (reader: RowReader, keys: readonly KeyTuple[]): Promise<Reading[] | undefined> => {
    const page = await reader.readKeys(keys, signal);
    return page.isComplete || keys.length === 1 ? readingsOf(page) : undefined;
  };
  return async (reader, asked) => {
    const keys = Array.from({ length: asked.length }, (_, place) => asked.at(place) as KeyTuple);
    const first = await read(reader, keys);
    if (!first) return undefined;
    const found = inOrder(first, keys);
    const missing = keys.filter((_key, i) => found[i] === undefined);
    if (missing.length === 0) return { readings: (place) => found[place], isWholeRange: false };
    const kept = found.map((reading) => reading && keptReading(reading));
    const readings = (place: number) => kept[place];
    // A row may be stored under another spelling of its key. One question finds whether any is; only then is each key
    // read by itself, so that the server matches them.
    const others = await read(reader, missing);
    if (!others) return undefined;
    if (others.length === 0) return { readings, isWholeRange: false };
    for (const [i, key] of keys.entries()) {
      if (kept[i]) continue;
      const other = (await read(reader, [key]))?.[0];
      kept[i] = other && keptReading(other);
    }
    return { readings, isWholeRange: false };
  };
}

/** Only for keys that have one spelling each: text could stand under another one in the range. */
export function byRange(asked: AskedRange, signal: AbortSignal): Locate {
  return async (reader, keys, side) => {
    const page = await reader.readPage(asked.range, asked.limits, signal);
    // The range now has more rows than a page holds.
    if (!page.isComplete) return undefined;
    const rows = new RowsInOrder(page);
    const before = asked.digests?.[side];
    return {
      readings: (place) => rows.reading(keys.at(place) as KeyTuple),
      isWholeRange: true,
      isAsBefore: before !== undefined && digestOfPage(page) === before,
    };
  };
}

export interface AskedRange {
  readonly range: KeyRange;
  readonly limits: PageLimits;
  /** `digestOfPage` of both sides at the look before, where one is known. */
  readonly digests?: Sides<string> | undefined;
}

/** Of all rows with their frames: each has its length. */
export function digestOfPage({ bytes }: RowPage): string {
  return hash('sha256', bytes, 'base64');
}

/** Rows of a page that are looked for nearly in their order. */
class RowsInOrder {
  readonly #page: RowPage;
  #next = 0;
  /** Made when a row is not among the next ones. */
  #index: ReadonlyMap<string, number> | undefined;

  constructor(page: RowPage) {
    this.#page = page;
  }

  reading(key: KeyTuple): Reading | undefined {
    const page = this.#page;
    const row = this.#near(key) ?? this.#anywhere(key);
    if (row === undefined) return undefined;
    this.#next = row + 1;
    return { key, page, row, layout: page.layout };
  }

  #near(key: KeyTuple): number | undefined {
    const upTo = Math.min(this.#page.rows, this.#next + NEAR_ROWS);
    for (let row = this.#next; row < upTo; row += 1) if (isSameKey(keyAt(this.#page, row), key)) return row;
    return undefined;
  }

  #anywhere(key: KeyTuple): number | undefined {
    const page = this.#page;
    this.#index ??= new Map(Array.from({ length: page.rows }, (_, row) => [keyText(keyAt(page, row)), row]));
    return this.#index.get(keyText(key));
  }
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
      if (wanted.has(keyText(key))) found.push(keptReading({ key, page, row, layout: page.layout }));
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
    page,
    row,
    layout: page.layout,
  }));
}
