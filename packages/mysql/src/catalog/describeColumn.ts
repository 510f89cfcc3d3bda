/**
 * What a declared type means for comparing: its wire class, its kind as a key, its digits, and how a server orders its
 * values. A type that is in no table here is not compared.
 */
import type { KeyKind } from '@rowparity/contracts';
import type { CatalogColumn, Digits } from '@rowparity/core';

/** As the server's own catalog has it. */
export interface DeclaredColumn {
  readonly name: string;
  /** With its arguments, such as `bigint unsigned` or `varchar(20)`. */
  readonly type: string;
  /** The type alone, in lower case; `json` also for the JSON of MariaDB. */
  readonly dataType: string;
  readonly isNullable: boolean;
  readonly collation: string | null;
  readonly charset: string | null;
  readonly isMariaDb: boolean;
}

const INTEGER_TYPES = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);

/** Text is read as it is stored; the character sets decide how it is compared. */
const CLASS_BY_TYPE: Readonly<Record<string, string>> = {
  ...byType('text', 'char varchar tinytext text mediumtext longtext enum set uuid inet4 inet6'),
  ...byType('binary', 'binary varbinary tinyblob blob mediumblob longblob'),
  // A TIMESTAMP is read in UTC, so it compares with a DATETIME that holds UTC.
  ...byType('datetime', 'datetime timestamp'),
  ...byType(
    'geometry',
    'geometry point linestring polygon multipoint multilinestring multipolygon geomcollection geometrycollection',
  ),
  ...Object.fromEntries(
    ['float', 'double', 'date', 'time', 'year', 'json', 'vector'].map((type) => [type, type]),
  ),
};

const KIND_BY_TYPE: Readonly<Record<string, KeyKind>> = {
  ...byType('integer', 'tinyint smallint mediumint int bigint year bit enum set'),
  ...byType('decimal', 'decimal'),
  ...byType('double', 'float double'),
  ...byType('binary', 'binary varbinary tinyblob blob mediumblob longblob'),
  ...byType('text', 'char varchar uuid inet4 inet6 tinytext text mediumtext longtext'),
  ...byType('temporal', 'date datetime timestamp'),
  ...byType('time', 'time'),
};

/** A UUID, an address and the members of an ENUM have an order of their own. */
const OWN_ORDER: ReadonlySet<string> = new Set(['uuid', 'inet4', 'inet6', 'enum', 'set']);
/** Servers order these by a number, and show a name or bits. */
const NUMBERED: ReadonlySet<string> = new Set(['enum', 'set', 'bit']);

/** Collations that MariaDB and MySQL have from their common past, and order alike. */
const OF_BOTH_SERVERS =
  /_(bin|general_ci|unicode_ci|unicode_520_ci|swedish_ci|german1_ci|chinese_ci|japanese_ci|korean_ci)$/;

/** UTF-8 as it is stored: these compare byte by byte. */
const UTF8_CHARSETS: ReadonlySet<string | null> = new Set(['utf8mb3', 'utf8mb4', 'ascii']);
/** What has no character set of its own, such as a UUID, is ASCII or UTF-8. */
const CHARSET_OF_OTHERS = 'utf8mb4';

/** Digits of the longest integer: 18446744073709551615. */
const INTEGER_DIGITS = 20;

export function describeColumn(declared: DeclaredColumn): CatalogColumn {
  const { name, type, dataType, isNullable, collation } = declared;
  const wireClass = wireClassOf(declared);
  const charset = charsetOf(declared, wireClass);
  return {
    ...{ name, type, isNullable, wireClass, charset, collation },
    keyKind: KIND_BY_TYPE[dataType] ?? null,
    digits: digitsOf(declared),
    // ZEROFILL shows a decimal with zeros in front, which are no part of its value.
    isPadded: dataType === 'decimal' && /zerofill/i.test(type),
    isUtf8: UTF8_CHARSETS.has(charset),
    isSet: dataType === 'set',
    isNumbered: NUMBERED.has(dataType),
    hasOwnOrder: OWN_ORDER.has(dataType),
    sortedAs: sortedAs(declared),
    isSortable: isSortable(declared),
  };
}

function wireClassOf({ dataType, type }: DeclaredColumn): string | null {
  if (INTEGER_TYPES.has(dataType)) return `${dataType}${/\bunsigned\b/i.test(type) ? ' unsigned' : ''}`;
  if (dataType === 'decimal') return `decimal with scale ${decimalDigits(type)?.scale}`;
  if (dataType === 'bit') return type;
  return CLASS_BY_TYPE[dataType] ?? null;
}

/** One name for a character set that older servers call by another. */
function charsetOf({ charset }: DeclaredColumn, wireClass: string | null): string | null {
  if (charset !== null) return charset === 'utf8' ? 'utf8mb3' : charset;
  return wireClass === 'text' || wireClass === 'json' ? CHARSET_OF_OTHERS : null;
}

function digitsOf({ dataType, type }: DeclaredColumn): Digits | null {
  if (INTEGER_TYPES.has(dataType) || dataType === 'bit' || dataType === 'year')
    return { whole: INTEGER_DIGITS, scale: 0 };
  return decimalDigits(type) ?? null;
}

function decimalDigits(type: string): Digits | undefined {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)/i.exec(type) ?? [];
  return precision && scale ? { whole: Number(precision) - Number(scale), scale: Number(scale) } : undefined;
}

/** MariaDB and MySQL have collations of one name and two orders. */
function sortedAs({ collation, isMariaDb }: DeclaredColumn): string | null {
  if (collation === null || OF_BOTH_SERVERS.test(collation)) return collation;
  return `${collation} of ${isMariaDb ? 'MariaDB' : 'MySQL'}`;
}

/** What a sort looks at (sessionVariables.ts): a longer value could stand anywhere among its like. */
const SORTED_BYTES_MAX = 4096;
const BYTES_OF_A_CHARACTER = 4;

function isSortable({ dataType, type, charset }: DeclaredColumn): boolean {
  if (/text|blob/.test(dataType)) return false;
  const [, length] = /^(?:var)?(?:char|binary)\((\d+)\)/i.exec(type) ?? [];
  const bytes = charset === null ? 1 : BYTES_OF_A_CHARACTER;
  return length === undefined || Number(length) * bytes <= SORTED_BYTES_MAX;
}

function byType<T extends string>(meaning: T, types: string): Record<string, T> {
  return Object.fromEntries(types.split(' ').map((type) => [type, meaning]));
}
