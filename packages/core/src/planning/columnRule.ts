/**
 * Decides whether the bytes of two columns can be compared as they come over the wire. Two types are of one wire
 * class when equal values have equal bytes and unequal values have unequal bytes.
 */
import type { CatalogColumn } from '../ports/catalog.ts';

/** Text of every kind comes as utf8mb4, whatever it is stored in. */
const TEXT_TYPES = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set']);
const BINARY_TYPES = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob', 'bit']);
const INTEGER_TYPES = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);
/** A TIMESTAMP is read in UTC, so it compares with a DATETIME that holds UTC. */
const DATETIME_TYPES = new Set(['datetime', 'timestamp']);
const OWN_CLASS_TYPES = new Set([
  'float', 'double', 'date', 'time', 'year', 'json', 'geometry', 'point', 'linestring', 'polygon', 'multipoint',
  'multilinestring', 'multipolygon', 'geomcollection', 'geometrycollection', 'vector', 'uuid', 'inet4', 'inet6',
]); // biome-ignore format: one table

/** The wire class of a column; undefined for a type that nobody has looked at yet. */
export function wireClass(column: CatalogColumn): string | undefined {
  const type = column.dataType;
  if (INTEGER_TYPES.has(type)) return `${type}${column.isUnsigned ? ' unsigned' : ''}`;
  if (TEXT_TYPES.has(type)) return 'text';
  if (BINARY_TYPES.has(type)) return 'binary';
  if (DATETIME_TYPES.has(type)) return 'datetime';
  if (type === 'decimal') return `decimal with scale ${/,(\d+)\)/.exec(column.type)?.[1] ?? '0'}`;
  return OWN_CLASS_TYPES.has(type) ? type : undefined;
}
