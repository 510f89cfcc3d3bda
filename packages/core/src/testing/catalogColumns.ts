/** Columns as a catalog answers them, for tests of core alone. What types mean is the catalog's. */
import type { CatalogColumn } from '../ports/catalog.ts';

type Change = Partial<Omit<CatalogColumn, 'name'>>;

export function integerColumn(name: string, change: Change = {}): CatalogColumn {
  return {
    ...{ name, type: 'bigint', isNullable: false, wireClass: 'bigint', keyKind: 'integer' },
    ...{ digits: { whole: 20, scale: 0 }, isPadded: false, charset: null, isUtf8: false, isSet: false },
    ...{ isNumbered: false, hasOwnOrder: false, collation: null, sortedAs: null, isSortable: true },
    ...change,
  };
}

/** Sorted by its collation, which all servers order alike unless `sortedAs` says otherwise. */
export function textColumn(name: string, change: Change = {}): CatalogColumn {
  const collation = change.collation ?? 'utf8mb4_bin';
  const text = { type: 'varchar(10)', wireClass: 'text', keyKind: 'text', digits: null } as const;
  const sorted = { charset: 'utf8mb4', isUtf8: true, collation, sortedAs: collation };
  return integerColumn(name, { ...text, ...sorted, ...change });
}

/** Of a class that has no order and no digits. */
export function columnOfClass(name: string, wireClass: string | null, change: Change = {}): CatalogColumn {
  return integerColumn(name, {
    type: wireClass ?? 'hologram',
    wireClass,
    keyKind: null,
    digits: null,
    ...change,
  });
}
