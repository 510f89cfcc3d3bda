/** A table's schema as hashes, one for each column and unique index, to find later which of them has changed. */
import type { SchemaHashes } from '@rowparity/contracts';
import { fingerprintOf } from '../hashing/canonicalJson.ts';
import type { CatalogTable } from '../ports/catalog.ts';

/** 48 bits: enough to detect a change. */
const PART_CHARS = 12;

export function schemaHashes({ columns, uniqueIndexes }: CatalogTable): SchemaHashes {
  const part = (value: unknown) => fingerprintOf(value).slice(0, PART_CHARS);
  return Object.fromEntries([
    ...columns.map((column) => [`column ${column.name}`, part(column)]),
    ...uniqueIndexes.map((index) => [`index ${index.name}`, part(index)]),
  ]);
}

/** What is different, in words: `column note was added`. Empty when nothing is. */
export function schemaDifferences(before: SchemaHashes, now: SchemaHashes): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    if (before[name] === now[name]) return [];
    if (before[name] === undefined) return [`${name} was added`];
    return [now[name] === undefined ? `${name} was removed` : `${name} was changed`];
  });
}
