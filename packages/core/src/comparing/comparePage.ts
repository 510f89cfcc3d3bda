/**
 * Compares one page of both sides, which hold the same key range. Exact: row against row by the received bytes. Rows
 * are matched by their exact key bytes, never by an order of our own, so no collation can cause a wrong match. Equal
 * bytes are not decoded. A difference becomes a candidate, not yet an inconsistency.
 */
import type { KeyKind, RuleName, TablePlan } from '@rowparity/contracts';
import { keyText } from '../keys/keyOrder.ts';
import type { RowPage, RowReader } from '../ports/rowSource.ts';
import { compareColumns, hasRules } from '../rows/compareColumns.ts';
import { differingValues, type PlacedRow } from '../rows/differingValues.ts';
import { keyAt, rowAt } from '../rows/rowPage.ts';
import { type SeenRow, seenRow } from '../rows/seenRow.ts';
import { SIDES, type Side, type Sides } from '../sides/sides.ts';
import type { Candidate } from './candidate.ts';

export type PageReader = Pick<RowReader, 'broken'>;

export interface PageComparison {
  /** The caller's own. */
  readonly candidates: Candidate[];
  /** Rows that are equal by a rule of the plan, each with the names of its rules. */
  readonly equalByRule: readonly ReadonlySet<RuleName>[];
}

export function comparePage(
  pages: Sides<RowPage>,
  readers: Sides<PageReader>,
  plan: TablePlan,
): PageComparison {
  const { base, target } = pages;
  const nothing: PageComparison = { candidates: [], equalByRule: [] };
  if (base.rows === target.rows && base.bytes.equals(target.bytes)) return nothing;
  const equal = equalHead(pages);
  if (equal === base.rows && equal === target.rows) return nothing;
  for (const side of SIDES) pages[side].expectInOrder?.(equal, pages[side].rows);
  return compareRows(pages, readers, { plan, from: equal });
}

/** How many rows are equal from the beginning. */
function equalHead(pages: Sides<RowPage>): number {
  const rows = Math.min(pages.base.rows, pages.target.rows);
  const isSameRow = sameRows(pages);
  let row = 0;
  while (row < rows && isSameRow(row, row)) row += 1;
  return row;
}

/**
 * Whether a row of the base has the bytes of a row of the target. Called for each row, so its data is kept in fields.
 */
function sameRows({ base, target }: Sides<RowPage>): (i: number, j: number) => boolean {
  const { bytes, bounds } = base;
  const { bytes: others, bounds: otherBounds } = target;
  return (i, j) => {
    const a = bounds[2 * i] as number;
    const b = otherBounds[2 * j] as number;
    const aEnd = bounds[2 * i + 1] as number;
    const bEnd = otherBounds[2 * j + 1] as number;
    return aEnd - a === bEnd - b && bytes.compare(others, b, bEnd, a, aEnd) === 0;
  };
}

function compareRows(
  pages: Sides<RowPage>,
  readers: Sides<PageReader>,
  { plan, from }: { readonly plan: TablePlan; readonly from: number },
): PageComparison {
  const { base, target } = pages;
  const found: Candidate[] = [];
  const equalByRule: ReadonlySet<RuleName>[] = [];
  const isSameRow = sameRows(pages);
  const isRuled = hasRules(plan);
  const matched = new Uint8Array(target.rows);
  /** The most likely place of a base row on the target: after the last match. */
  let next = from;
  let index: Map<string, number> | undefined;
  for (let i = from; i < base.rows; i += 1) {
    if (next < target.rows && isSameRow(i, next)) {
      if (matched[next] === 1) throw keyTwice(readers.base);
      matched[next] = 1;
      next += 1;
      continue;
    }
    const key = keyAt(base, i);
    const text = keyText(key);
    const isNext = next < target.rows && keyText(keyAt(target, next)) === text;
    if (!isNext) index ??= indexKeys(target, readers.target, from);
    const j = isNext ? next : index?.get(text);
    if (j !== undefined && matched[j] === 1) throw keyTwice(readers.base);
    if (j === undefined) {
      found.push({ key, seen: { base: seenAt(base, i), target: null } });
      continue;
    }
    matched[j] = 1;
    next = j + 1;
    if (isSameRow(i, j)) continue;
    const look = isRuled
      ? compareColumns(plan, differingValues({ base: placed(base, i), target: placed(target, j) }))
      : undefined;
    if (look?.columns.length === 0) equalByRule.push(look.rules);
    else found.push({ key, seen: { base: seenAt(base, i), target: seenAt(target, j) } });
  }
  const alone = unmatched(target, matched, from);
  // Only the index shows whether such a row has the key of another one.
  if (alone.length > 0) index ??= indexKeys(target, readers.target, from);
  for (const j of alone) {
    found.push({ key: keyAt(target, j), seen: { base: null, target: seenAt(target, j) } });
  }
  expectOneRowAKey(found, pages, { readers, plan, head: from });
  return { candidates: found, equalByRule };
}

function unmatched(target: RowPage, matched: Uint8Array, from: number): number[] {
  const rows: number[] = [];
  for (let j = from; j < target.rows; j += 1) if (matched[j] === 0) rows.push(j);
  return rows;
}

function indexKeys(page: RowPage, reader: PageReader, from: number): Map<string, number> {
  const index = new Map<string, number>();
  for (let row = from; row < page.rows; row += 1) index.set(keyText(keyAt(page, row)), row);
  if (index.size < page.rows - from) throw keyTwice(reader);
  return index;
}

/** Kinds of keys with an order that a reader knows: the reader has checked that no key came twice. */
const ORDERED: ReadonlySet<KeyKind> = new Set(['integer', 'binary']);

/** A row without a partner may be the second row of its key. Then it is a fault and not a difference. */
function expectOneRowAKey(
  candidates: readonly Candidate[],
  pages: Sides<RowPage>,
  compared: { readonly readers: Sides<PageReader>; readonly plan: TablePlan; readonly head: number },
): void {
  for (const side of SIDES) {
    const alone = candidates.filter(({ seen }) => seen[side] && !seen[otherSide(side)]);
    const keys = new Set(alone.map(({ key }) => keyText(key)));
    if (keys.size < alone.length) throw keyTwice(compared.readers[side]);
    if (keys.size === 0 || compared.plan.key.every(({ kind }) => ORDERED.has(kind))) continue;
    for (let row = 0; row < compared.head; row += 1) {
      if (keys.has(keyText(keyAt(pages[side], row)))) throw keyTwice(compared.readers[side]);
    }
  }
}

function otherSide(side: Side): Side {
  return side === 'base' ? 'target' : 'base';
}

function keyTwice(reader: PageReader): Error {
  return reader.broken('two rows of a page have one key');
}

function placed(page: RowPage, row: number): PlacedRow {
  return { page, row, layout: page.layout };
}

function seenAt(page: RowPage, row: number): SeenRow {
  return seenRow(rowAt(page, row));
}
