/** Names of columns: the same in any case, as the port says (ports/catalog.ts). */
import type { CatalogColumn, CatalogTable } from '../ports/catalog.ts';

export { closestNames } from '@rowparity/contracts';

export function findColumn(table: CatalogTable, name: string): CatalogColumn | undefined {
  return table.columns.find((column) => isSameName(column.name, name));
}

/** Equal exactly for names of one column: to look many names up at once. */
export function foldedName(name: string): string {
  return name.toLowerCase();
}

export function isSameName(a: string, b: string): boolean {
  return foldedName(a) === foldedName(b);
}

export function isAmong(names: readonly string[], name: string): boolean {
  return names.some((other) => isSameName(other, name));
}

/** The value that a record has under a name in any case. */
export function valueUnder(record: Readonly<Record<string, string>>, name: string): string | undefined {
  const key = Object.keys(record).find((other) => isSameName(other, name));
  return key === undefined ? undefined : record[key];
}
