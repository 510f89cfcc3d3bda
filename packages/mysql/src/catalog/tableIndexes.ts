/** The indexes of a table, from the rows of information_schema.STATISTICS. */
import type { CatalogIndex, CatalogTable } from '@rowparity/core';
import type { Row } from '../connection/session.ts';

/** `generated`: columns that a system-versioned table adds to its keys; they do not distinguish current rows. */
export function indexesOf(
  parts: readonly Row[],
  generated: readonly string[],
): Pick<CatalogTable, 'uniqueIndexes' | 'plainIndexes'> {
  const found = { uniqueIndexes: [] as CatalogIndex[], plainIndexes: [] as CatalogIndex[] };
  for (const [name, rows] of Map.groupBy(parts, (part) => String(part.INDEX_NAME))) {
    const isUnique = Number(rows[0]?.NON_UNIQUE) === 0;
    found[isUnique ? 'uniqueIndexes' : 'plainIndexes'].push(indexOf(name, rows, generated));
  }
  found.uniqueIndexes.sort((a, b) => rankOf(a) - rankOf(b));
  return found;
}

function indexOf(name: string, parts: readonly Row[], generated: readonly string[]): CatalogIndex {
  const own = parts.filter((part) => !generated.includes(String(part.COLUMN_NAME)));
  return {
    name,
    isPrimary: name === 'PRIMARY',
    columns: own.map((part) => String(part.COLUMN_NAME)),
    problem: parts.some((part) => part.COLUMN_NAME === null) ? 'has an expression' : undefined,
    isOrdered: parts.every(isOrderedPart),
  };
}

/** A hash, an invisible (MySQL) or ignored (MariaDB) index, and a prefix cannot be read in order. */
function isOrderedPart(part: Row): boolean {
  return (
    part.INDEX_TYPE === 'BTREE' &&
    part.IS_VISIBLE !== 'NO' &&
    part.IGNORED !== 'YES' &&
    part.SUB_PART === null
  );
}

/** The primary key first; of the others, those that can be read in order. */
function rankOf({ isPrimary, isOrdered }: CatalogIndex): number {
  return isPrimary ? 0 : isOrdered ? 1 : 2;
}
