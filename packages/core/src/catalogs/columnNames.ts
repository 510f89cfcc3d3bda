/** Names of columns. Case does not matter, as on the servers. */
import type { CatalogColumn, CatalogTable } from '../ports/catalog.ts';

export { closestNames } from '@rowparity/contracts';

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
