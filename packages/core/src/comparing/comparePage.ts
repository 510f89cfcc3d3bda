/**
 * Compares one page of both sides, which hold the same key range. Exact: row against row by the bytes that came.
 * Rows are matched by their exact key bytes, never by an ordering of our own, so no collation can deceive it.
 * While the bytes are equal nothing is decoded; what differs becomes a candidate, never yet an inconsistency.
 */
import type { KeyTuple, RuleName, TablePlan } from '@rowparity/contracts';
import { keyText } from '../keys/keyOrder.ts';
import type { RowPage, RowReader } from '../ports/rowSource.ts';
import type { Sides } from '../sides.ts';
import { hasRules, secondLook } from './secondLook.ts';

/** A key seen different once, with what was seen on each side; null where there was no row. */
export interface Candidate {
  readonly key: KeyTuple;
  readonly seen: Sides<Buffer | null>;
}

type PageReader = Pick<RowReader, 'keyAt' | 'valuesAt'>;

export interface PageComparison {
  readonly candidates: readonly Candidate[];
  /** Rows that are equal by a rule of the plan, each with the names of its rules. */
  readonly equalByRule: readonly ReadonlySet<RuleName>[];
}

export function comparePage(
  pages: Sides<RowPage>,
  readers: Sides<PageReader>,
  plan: TablePlan,
): PageComparison {
  const { base, target } = pages;
  const nothing = { candidates: [], equalByRule: [] };
  if (base.rows === target.rows && base.bytes.equals(target.bytes)) return nothing;
  const equal = equalHead(base, target);
  if (equal === base.rows && equal === target.rows) return nothing;
  return compareRows(pages, readers, { plan, from: equal });
}

/** How many rows are equal from the beginning. */
function equalHead(base: RowPage, target: RowPage): number {
  const rows = Math.min(base.rows, target.rows);
  let row = 0;
  while (row < rows && isSameRow(base, row, target, row)) row += 1;
  return row;
}

function isSameRow(base: RowPage, i: number, target: RowPage, j: number): boolean {
  const a = base.bounds[2 * i] as number;
  const b = target.bounds[2 * j] as number;
  const aEnd = base.bounds[2 * i + 1] as number;
  const bEnd = target.bounds[2 * j + 1] as number;
  return aEnd - a === bEnd - b && base.bytes.compare(target.bytes, b, bEnd, a, aEnd) === 0;
}

function compareRows(
  pages: Sides<RowPage>,
  readers: Sides<PageReader>,
  { plan, from }: { readonly plan: TablePlan; readonly from: number },
): PageComparison {
  const { base, target } = pages;
  const found: Candidate[] = [];
  const equalByRule: ReadonlySet<RuleName>[] = [];
  const isRuled = hasRules(plan);
  const matched = new Uint8Array(target.rows);
  /** Where a base row most likely stands on the target: behind the last match. */
  let next = from;
  let index: Map<string, number> | undefined;
  for (let i = from; i < base.rows; i += 1) {
    if (next < target.rows && isSameRow(base, i, target, next)) {
      matched[next] = 1;
      next += 1;
      continue;
    }
    const key = readers.base.keyAt(base, i);
    const text = keyText(key);
    const isNext = next < target.rows && keyText(readers.target.keyAt(target, next)) === text;
    if (!isNext) index ??= indexKeys(target, readers.target, from);
    const j = isNext ? next : index?.get(text);
    if (j === undefined) {
      found.push({ key, seen: { base: rowCopy(base, i), target: null } });
      continue;
    }
    matched[j] = 1;
    next = j + 1;
    if (isSameRow(base, i, target, j)) continue;
    const look = isRuled
      ? secondLook(plan, { base: readers.base.valuesAt(base, i), target: readers.target.valuesAt(target, j) })
      : undefined;
    if (look?.columns.length === 0) equalByRule.push(look.rules);
    else found.push({ key, seen: { base: rowCopy(base, i), target: rowCopy(target, j) } });
  }
  for (let j = from; j < target.rows; j += 1) {
    if (matched[j] === 0) {
      found.push({ key: readers.target.keyAt(target, j), seen: { base: null, target: rowCopy(target, j) } });
    }
  }
  return { candidates: found, equalByRule };
}

function indexKeys(page: RowPage, reader: PageReader, from: number): Map<string, number> {
  const index = new Map<string, number>();
  for (let row = from; row < page.rows; row += 1) index.set(keyText(reader.keyAt(page, row)), row);
  return index;
}

/** A row's content, kept beyond the life of its page. */
export function rowCopy(page: RowPage, row: number): Buffer {
  return Buffer.from(page.bytes.subarray(page.bounds[2 * row], page.bounds[2 * row + 1]));
}
