/**
 * Decides how two columns are compared: as they come over the wire, as a wider type that both servers are asked for,
 * or not at all. Two types are of one wire class when equal values have equal bytes and unequal ones have not.
 */
import { Fault, type ReadAs, type RuleName } from '@rowparity/contracts';
import type { CatalogColumn, Digits } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';

export type ColumnComparison =
  | { readonly kind: 'comparable'; readonly readAs: ReadAs; readonly rules: readonly RuleName[] }
  | { readonly kind: 'unsupported'; readonly type: string }
  | { readonly kind: 'incomparable' };

/** The longest decimal that servers compute with. */
const PRECISION_MAX = 65;

/** `isKey`: a person reads the value in an event, and it is looked for by its number where the server orders by it. */
export function compareColumns(pair: Sides<CatalogColumn>, isKey = false): ColumnComparison {
  const classes = { base: pair.base.wireClass, target: pair.target.wireClass };
  if (classes.base === null) return { kind: 'unsupported', type: pair.base.type };
  if (classes.target === null) return { kind: 'unsupported', type: pair.target.type };
  if (isKey && isNumbered(pair)) return { kind: 'comparable', readAs: { kind: 'number' }, rules: [] };
  const both = [classes.base, classes.target].sort().join(' ');
  if (both === 'text text' || both === 'json text') return compareText(pair, isKey);
  // Zeros in front are no part of the value.
  const isPadded = pair.base.isPadded || pair.target.isPadded;
  if (classes.base === classes.target && !isPadded) return plain(rulesOfClass(classes.base));
  if (both === 'double float')
    return { kind: 'comparable', readAs: { kind: 'double' }, rules: ['negativeZero', 'floatWidth'] };
  const digits = { base: pair.base.digits, target: pair.target.digits };
  if (digits.base && digits.target) return asDecimal({ base: digits.base, target: digits.target });
  return { kind: 'incomparable' };
}

/** Both servers order these by the same numbers. */
export function isNumbered({ base, target }: Sides<CatalogColumn>): boolean {
  return base.isNumbered && base.type === target.type && base.charset === target.charset;
}

function compareText({ base, target }: Sides<CatalogColumn>, isKey: boolean): ColumnComparison {
  const charsets = { base: charsetOf(base), target: charsetOf(target) };
  const isUtf8 = base.isUtf8 && target.isUtf8;
  const isReordered = base.isSet && target.isSet && base.type !== target.type;
  const isJson = base.wireClass === 'json' || target.wireClass === 'json';
  const rules: RuleName[] = isReordered ? ['setOrder'] : isJson ? ['json'] : [];
  const isPlain = isUtf8 || (charsets.base === charsets.target && !isKey && rules.length === 0);
  return isPlain ? plain(rules) : { kind: 'comparable', readAs: { kind: 'text', charsets }, rules };
}

function charsetOf({ name, charset }: CatalogColumn): string {
  if (charset !== null) return charset;
  throw new Fault('invariant', {
    code: 'INTERNAL',
    message: `Column ${name}: expected text to have a charset.`,
  });
}

function rulesOfClass(wire: string): readonly RuleName[] {
  if (wire === 'json') return ['json'];
  return wire === 'float' || wire === 'double' ? ['negativeZero'] : [];
}

function plain(rules: readonly RuleName[]): ColumnComparison {
  return { kind: 'comparable', readAs: { kind: 'plain' }, rules };
}

/** Wide enough for either side, so that no digit is lost; where 65 digits are too few, it cannot be compared. */
function asDecimal({ base, target }: Sides<Digits>): ColumnComparison {
  const scale = Math.max(base.scale, target.scale);
  const precision = Math.max(base.whole, target.whole) + scale;
  if (precision > PRECISION_MAX) return { kind: 'incomparable' };
  return { kind: 'comparable', readAs: { kind: 'decimal', precision, scale }, rules: [] };
}
