/** Names of columns: the same in any case, as the servers have it. */
import type { CatalogColumn, CatalogTable } from '../ports/catalog.ts';

/** Enough to find a slip of the finger among. */
const CLOSEST_MAX = 3;

export function findColumn(table: CatalogTable, name: string): CatalogColumn | undefined {
  return table.columns.find((column) => isSameName(column.name, name));
}

export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function isAmong(names: readonly string[], name: string): boolean {
  return names.some((other) => isSameName(other, name));
}

/** The value that a record has under a name in any case. */
export function valueUnder(record: Readonly<Record<string, string>>, name: string): string | undefined {
  const key = Object.keys(record).find((other) => isSameName(other, name));
  return key === undefined ? undefined : record[key];
}

/** What was most likely meant by a name that is not there: the names that fewest changes of a letter lead to. */
export function closestNames(name: string, names: readonly string[]): readonly string[] {
  const ranked = [...new Set(names)].map((other) => ({ other, edits: editsBetween(name, other) }));
  return ranked
    .sort((a, b) => a.edits - b.edits)
    .slice(0, CLOSEST_MAX)
    .map(({ other }) => other);
}

/** Levenshtein's distance, a row of his matrix at a time. */
function editsBetween(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
