/**
 * Decides how two columns are compared: as they come over the wire, as a wider type that both servers are asked for,
 * or not at all. Two types are of one wire class when equal values have equal bytes and unequal ones have not.
 */
import type { ReadAs, RuleName } from '@rowparity/contracts';
import type { CatalogColumn } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';

export type ColumnComparison =
  | { readonly kind: 'comparable'; readonly readAs: ReadAs; readonly rules: readonly RuleName[] }
  | { readonly kind: 'unsupported'; readonly type: string }
  | { readonly kind: 'incomparable' };

/** Digits of the longest integer: 18446744073709551615. */
const INTEGER_DIGITS = 20;
const PRECISION_MAX = 65;

const INTEGER_TYPES = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);

/** Text is read as it is stored; the character sets decide how it is compared. */
const CLASS_BY_TYPE: Readonly<Record<string, string>> = {
  ...classOf('text', 'char varchar tinytext text mediumtext longtext enum set uuid inet4 inet6'),
  ...classOf('binary', 'binary varbinary tinyblob blob mediumblob longblob'),
  // A TIMESTAMP is read in UTC, so it compares with a DATETIME that holds UTC.
  ...classOf('datetime', 'datetime timestamp'),
  ...classOf(
    'geometry',
    'geometry point linestring polygon multipoint multilinestring multipolygon geomcollection geometrycollection',
  ),
  ...Object.fromEntries(
    ['float', 'double', 'date', 'time', 'year', 'json', 'vector'].map((type) => [type, type]),
  ),
};

/** `isKey`: a person reads the value in an event, and it is looked for by its number where the server orders by it. */
export function compareColumns(pair: Sides<CatalogColumn>, isKey = false): ColumnComparison {
  const classes = { base: wireClass(pair.base), target: wireClass(pair.target) };
  if (classes.base === undefined) return { kind: 'unsupported', type: pair.base.type };
  if (classes.target === undefined) return { kind: 'unsupported', type: pair.target.type };
  if (isKey && isNumbered(pair)) return { kind: 'comparable', readAs: { kind: 'number' }, rules: [] };
  const both = [classes.base, classes.target].sort().join(' ');
  if (both === 'text text' || both === 'json text') return compareText(pair, isKey);
  // ZEROFILL shows a decimal with zeros in front, which are no part of its value.
  const isFilled = [pair.base, pair.target].some(
    ({ dataType, type }) => dataType === 'decimal' && /zerofill/i.test(type),
  );
  if (classes.base === classes.target && !isFilled) return plain(rulesOfClass(classes.base));
  if (both === 'double float')
    return { kind: 'comparable', readAs: { kind: 'double' }, rules: ['negativeZero', 'floatWidth'] };
  const digits = { base: digitsOf(pair.base), target: digitsOf(pair.target) };
  if (digits.base && digits.target) return asDecimal({ base: digits.base, target: digits.target });
  return { kind: 'incomparable' };
}

function wireClass(column: CatalogColumn): string | undefined {
  const type = column.dataType;
  if (INTEGER_TYPES.has(type)) return `${type}${column.isUnsigned ? ' unsigned' : ''}`;
  if (type === 'decimal') return `decimal with scale ${digitsOf(column)?.scale}`;
  if (type === 'bit') return column.type;
  return CLASS_BY_TYPE[type];
}

/** Servers order these by a number, and show a name or bits. */
export function isNumbered({ base, target }: Sides<CatalogColumn>): boolean {
  const isOne = ['enum', 'set', 'bit'].includes(base.dataType);
  return isOne && base.type === target.type && base.charset === target.charset;
}

/** UTF-8 as it is stored: these compare byte by byte. What has no character set of its own is ASCII or UTF-8. */
const UTF8_CHARSETS: ReadonlySet<string> = new Set(['utf8mb3', 'utf8mb4', 'ascii']);

function compareText(pair: Sides<CatalogColumn>, isKey: boolean): ColumnComparison {
  const charsets = { base: pair.base.charset ?? 'utf8mb4', target: pair.target.charset ?? 'utf8mb4' };
  const isUtf8 = UTF8_CHARSETS.has(charsets.base) && UTF8_CHARSETS.has(charsets.target);
  const isSetPair = pair.base.dataType === 'set' && pair.target.dataType === 'set';
  const isReordered = isSetPair && pair.base.type !== pair.target.type;
  const isJson = pair.base.dataType === 'json' || pair.target.dataType === 'json';
  const rules: RuleName[] = isReordered ? ['setOrder'] : isJson ? ['json'] : [];
  const isPlain = isUtf8 || (charsets.base === charsets.target && !isKey && rules.length === 0);
  return isPlain ? plain(rules) : { kind: 'comparable', readAs: { kind: 'text', charsets }, rules };
}

function rulesOfClass(wire: string): readonly RuleName[] {
  if (wire === 'json') return ['json'];
  return wire === 'float' || wire === 'double' ? ['negativeZero'] : [];
}

function plain(rules: readonly RuleName[]): ColumnComparison {
  return { kind: 'comparable', readAs: { kind: 'plain' }, rules };
}

interface Digits {
  readonly whole: number;
  readonly scale: number;
}

/** Undefined for what is no exact number. */
function digitsOf({ dataType, type }: CatalogColumn): Digits | undefined {
  if (INTEGER_TYPES.has(dataType) || dataType === 'bit' || dataType === 'year')
    return { whole: INTEGER_DIGITS, scale: 0 };
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)/i.exec(type) ?? [];
  return precision && scale ? { whole: Number(precision) - Number(scale), scale: Number(scale) } : undefined;
}

/** Wide enough for either side, so that no digit is lost; where 65 digits are too few, it cannot be compared. */
function asDecimal({ base, target }: Sides<Digits>): ColumnComparison {
  const scale = Math.max(base.scale, target.scale);
  const precision = Math.max(base.whole, target.whole) + scale;
  if (precision > PRECISION_MAX) return { kind: 'incomparable' };
  return { kind: 'comparable', readAs: { kind: 'decimal', precision, scale }, rules: [] };
}

function classOf(name: string, types: string): Record<string, string> {
  return Object.fromEntries(types.split(' ').map((type) => [type, name]));
}
