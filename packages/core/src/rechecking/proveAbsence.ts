/**
 * A point read that finds no row proves nothing: a server may store a key in a form that no value leads to. The
 * greatest key up to the one that is missing comes from the index, and proves it: no row lies between the two.
 */
import { Fault, type KeyTuple } from '@rowparity/contracts';
import { isSameKey } from '../keys/keyOrder.ts';
import type { RowReader } from '../ports/rowSource.ts';
import { keyAt } from '../rows/rowPage.ts';
import { keptReading, type Reading } from './recheckRound.ts';

/** A row may come between the two questions. */
const TRIES = 3;

/** The row is there by its range and not by its key. */
export class UnprovenAbsence extends Fault {
  readonly key: KeyTuple;

  constructor(key: KeyTuple) {
    const message =
      'A row is found by its range and not by its key, so whether it is still different cannot be told. Compare its shard: order a rerun, or a new run.';
    super('permanent', { code: 'KNOWN_OUT_OF_SIGHT', message });
    this.key = key;
  }
}

/** Of each key: the row, or undefined where it is proved that there is none. Throws UnprovenAbsence. */
export async function proveAbsence(
  reader: RowReader,
  keys: readonly KeyTuple[],
  signal: AbortSignal,
): Promise<readonly (Reading | undefined)[]> {
  const found: (Reading | undefined)[] = [];
  for (const key of keys) found.push(await proveOne(reader, key, signal));
  return found;
}

async function proveOne(reader: RowReader, key: KeyTuple, signal: AbortSignal): Promise<Reading | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const last = await reader.lastKey({ after: null, upTo: key }, signal);
    if (last === undefined || !isSameKey(last, key)) return undefined;
    const page = await reader.readKeys([key], signal);
    if (page.rows > 0) return keptReading({ key: keyAt(page, 0), page, row: 0, layout: page.layout });
  }
  throw new UnprovenAbsence(key);
}
