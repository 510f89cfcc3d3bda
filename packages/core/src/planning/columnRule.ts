/**
 * Decides how two columns are compared: as they come over the wire, as a wider type that both servers are asked for,
 * or not at all. Two types are of one wire class when equal values have equal bytes and unequal ones have not.
 */
import type { ReadAs, RuleName } from '@rowparity/contracts';
import type { CatalogColumn } from '../ports/catalog.ts';
import type { Sides } from '../sides.ts';

export type ColumnComparison =
  | { readonly kind: 'comparable'; readonly readAs: ReadAs; readonly rules: readonly RuleName[] }
  | { readonly kind: 'unsupported'; readonly type: string }
  | { readonly kind: 'incomparable' };

/** Digits of the longest integer: 18446744073709551615. */
const INTEGER_DIGITS = 20;
const PRECISION_MAX = 65;

const INTEGER_TYPES = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);

/** Text of every kind comes as utf8mb4, whatever it is stored in; so do the types that are shown as text. */
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

export function compareColumns(pair: Sides<CatalogColumn>): ColumnComparison {
  const classes = { base: wireClass(pair.base), target: wireClass(pair.target) };
  if (classes.base === undefined) return { kind: 'unsupported', type: pair.base.type };
  if (classes.target === undefined) return { kind: 'unsupported', type: pair.target.type };
  if (classes.base === classes.target) return plain(rulesOfClass(classes.base));
  const both = [classes.base, classes.target].sort().join(' ');
  if (both === 'json text') return plain(['json']);
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
  if (INTEGER_TYPES.has(dataType)) return { whole: INTEGER_DIGITS, scale: 0 };
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)/.exec(type) ?? [];
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
