/**
 * Reads candidates again by key on both sides and says of each what became of it. The servers match the keys, so
 * keys that are equal under a collation and not in bytes ('abc', 'ABC') come together here.
 */
import type { KeyTuple, TablePlan } from '@rowparity/contracts';
import { type Candidate, rowCopy } from '../comparing/comparePage.ts';
import { secondLook } from '../comparing/secondLook.ts';
import { isSameKey, keyText } from '../keys/keyOrder.ts';
import type { RowPage, RowReader } from '../ports/rowSource.ts';
import { bothSides, mapSides, SIDES, type Side, type Sides } from '../sides.ts';

/** What one side has for a candidate's key: the row's bytes and the key as that side spells it. */
export interface Reading {
  readonly key: KeyTuple;
  readonly row: Buffer;
}

export type Finding =
  /** The sides agree now, in bytes or by a rule of the plan. */
  | { readonly kind: 'converged' }
  /** Still different, and no side changed since the last reading. */
  | { readonly kind: 'confirmed'; readonly now: Sides<Reading | null>; readonly columns: readonly string[] }
  /** Still different, and a side has changed. */
  | { readonly kind: 'moving'; readonly now: Sides<Reading | null>; readonly columns: readonly string[] }
  /** Another candidate, of the base's own spelling of the key, reports this row. */
  | { readonly kind: 'duplicate' };

/** Reads the rows of some keys; a fault is retried by whoever gives it. */
export type ReadKeys = (reader: RowReader, keys: readonly KeyTuple[]) => Promise<readonly Reading[]>;

export interface RecheckParts {
  readonly plan: TablePlan;
  readonly readers: Sides<RowReader>;
  readonly read: ReadKeys;
}

export async function recheckRound(
  candidates: readonly Candidate[],
  parts: RecheckParts,
): Promise<Finding[]> {
  const keys = candidates.map((candidate) => candidate.key);
  const readings = await bothSides(parts.readers, (reader) => readByKey(keys, reader, parts.read));
  return candidates.map((candidate, i) =>
    judge(candidate, { base: readings.base[i] ?? null, target: readings.target[i] ?? null }, parts),
  );
}

function judge(candidate: Candidate, now: Sides<Reading | null>, parts: RecheckParts): Finding {
  if (now.base && candidate.seen.base === null && !isSameKey(now.base.key, candidate.key)) {
    return { kind: 'duplicate' };
  }
  if (isSame(now.base?.row ?? null, now.target?.row ?? null)) return { kind: 'converged' };
  const columns =
    now.base && now.target ? differingColumns({ base: now.base, target: now.target }, parts) : [];
  if (now.base && now.target && columns.length === 0) return { kind: 'converged' };
  const isStill = SIDES.every((side) => isSeenAgain(candidate, side, now[side]));
  return { kind: isStill ? 'confirmed' : 'moving', now, columns };
}

/** Names of the base columns that no rule makes equal. */
function differingColumns(rows: Sides<Reading>, { plan, readers }: RecheckParts): readonly string[] {
  const values = mapSides(rows, ({ row }, side) => readers[side].valuesAt(pageOf(row), 0));
  return secondLook(plan, values).columns;
}

/** A row that was copied out of its page, as a page of its own. */
function pageOf(row: Buffer): RowPage {
  return { rows: 1, bytes: row, bounds: Uint32Array.of(0, row.length), isComplete: true };
}

/** A row that was missing under this spelling of its key and is there under another has not moved. */
function isSeenAgain(candidate: Candidate, side: Side, now: Reading | null): boolean {
  const seen = candidate.seen[side];
  if (seen === null && now !== null && !isSameKey(now.key, candidate.key)) return true;
  return isSame(seen, now?.row ?? null);
}

function isSame(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

/** For every key, the row that the server has for it. */
async function readByKey(
  keys: readonly KeyTuple[],
  reader: RowReader,
  read: ReadKeys,
): Promise<(Reading | undefined)[]> {
  const readings = await read(reader, keys);
  const byKey = new Map(readings.map((reading) => [keyText(reading.key), reading]));
  const found = keys.map((key) => byKey.get(keyText(key)));
  if (readings.length === found.filter(Boolean).length) return found;
  // Some row came under another spelling of its key: ask for those one by one, so that the server matches them.
  for (const [i, key] of keys.entries()) {
    if (found[i] === undefined) found[i] = (await read(reader, [key]))[0];
  }
  return found;
}

/** Copies every row of a page of point reads out of the page's buffer. */
export function readingsOf(reader: RowReader, page: Parameters<typeof rowCopy>[0]): Reading[] {
  return Array.from({ length: page.rows }, (_, row) => ({
    key: reader.keyAt(page, row),
    row: rowCopy(page, row),
  }));
}
