/**
 * Why two values of one column differ, as far as the values alone tell. Pure. A cause is only named when it accounts
 * for the whole difference: what is not known is `other`, never a guess.
 */
import type { DifferenceCause } from '@rowparity/contracts';
import type { TypedValue } from '../ports/typedValue.ts';
import { isSameJson } from '../rows/jsonMeaning.ts';
import { differenceOf, isRoundedTo, signedDigits } from './decimalText.ts';
import { dateOf, fractionOf, microsOf } from './momentText.ts';
import { isLossOf, isMojibakeOf } from './textDamage.ts';

/** What was compared: the trusted value, and the one that is judged. Null is SQL NULL. */
export interface ValuePair {
  readonly base: TypedValue | null;
  readonly target: TypedValue | null;
}

const OTHER: DifferenceCause = { code: 'other' };
const QUARTER_US = 15n * 60n * 1_000_000n;
const DAY_US = 96n * QUARTER_US;
/** The widest whole offset of a time zone, +14:00, against −12:00. */
const OFFSET_US_MAX = 26n * 4n * QUARTER_US;

export function causeOf({ base, target }: ValuePair): DifferenceCause {
  if (!base || !target) return nullCause((base ?? target) as TypedValue);
  if (base.kind === 'bytes' || target.kind === 'bytes') return bytesCause(base, target);
  if (isNumeric(base) && isNumeric(target)) return numberCause(base, target);
  if (base.kind === 'moment' && target.kind === 'moment') return momentCause(base.text, target.text);
  if (base.kind === 'time' && target.kind === 'time') return OTHER;
  return textCause(base, target);
}

function nullCause({ text, kind }: TypedValue): DifferenceCause {
  // A BINARY column pads an empty value with zeros.
  if (text === '' || (kind === 'bytes' && /^0*$/.test(text))) return { code: 'nullForEmpty' };
  if ((kind === 'number' || kind === 'float') && Number(text) === 0) return { code: 'nullForZero' };
  return { code: 'null' };
}

function isNumeric({ kind }: TypedValue): boolean {
  return kind === 'number' || kind === 'float';
}

function bytesCause(base: TypedValue, target: TypedValue): DifferenceCause {
  if (base.kind !== 'bytes' || target.kind !== 'bytes') return OTHER;
  return isCut(base.text, target.text) ? { code: 'truncated', at: target.text.length / 2 } : OTHER;
}

/** What is left begins alike, and is not nothing. */
function isCut(whole: string, part: string): boolean {
  return part.length > 0 && part.length < whole.length && whole.startsWith(part);
}

function numberCause(base: TypedValue, target: TypedValue): DifferenceCause {
  const isFloat = base.kind === 'float' || target.kind === 'float';
  if (isFloat && Math.fround(Number(base.text)) === Math.fround(Number(target.text))) {
    return { code: 'floatPrecision' };
  }
  const [a, b] = [signedDigits(base.text), signedDigits(target.text)];
  if (!a || !b) return OTHER;
  if (a.digits === b.digits && a.scale === b.scale) return OTHER;
  if (a.scale === b.scale && a.digits === -b.digits) return { code: 'sign' };
  if (b.scale < a.scale && isRoundedTo(a, b)) return { code: 'rounded', at: b.scale };
  const difference = differenceOf(a, b);
  // 0 against 1 is a flag that is set or not.
  const isFlag = [base.text, target.text].every((text) => text === '0' || text === '1');
  if (difference === 1n && a.scale === 0 && b.scale === 0 && !isFlag) return { code: 'offByOne' };
  return OTHER;
}

function momentCause(base: string, target: string): DifferenceCause {
  const [a, b] = [microsOf(base), microsOf(target)];
  if (a === undefined || b === undefined) return OTHER;
  const shift = b - a;
  if (dateOf(base) === dateOf(target) && b % DAY_US === 0n) return { code: 'timeOfDayLost' };
  if (fractionOf(base) !== 0n && isFractionLost(a, b)) return { code: 'fractionLost' };
  const width = shift < 0n ? -shift : shift;
  if (width % QUARTER_US === 0n && width <= OFFSET_US_MAX) {
    return { code: 'shifted', minutes: Number(shift / 60_000_000n) };
  }
  return OTHER;
}

/** Cut off or rounded to a whole number of a longer unit. */
function isFractionLost(base: bigint, target: bigint): boolean {
  for (let unit = 10n; unit <= 1_000_000n; unit *= 10n) {
    if (target % unit !== 0n || base % unit === 0n) continue;
    const cut = base - (base % unit);
    const rounded = ((base + unit / 2n) / unit) * unit;
    if (target === cut || target === rounded) return true;
  }
  return false;
}

function textCause(base: TypedValue, target: TypedValue): DifferenceCause {
  const [a, b] = [base.text, target.text];
  if (base.kind === 'json' || target.kind === 'json') {
    if (isSameJson(a, b)) return { code: 'jsonOrder' };
  }
  if (a.trimEnd() === b.trimEnd()) return { code: 'trailingSpace' };
  if (a.toLowerCase() === b.toLowerCase()) return { code: 'letterCase' };
  if (a.normalize('NFC') === b.normalize('NFC')) return { code: 'unicodeForm' };
  if (isLossOf(a, b) || isLossOf(b, a)) return { code: 'lostCharacters' };
  if (isMojibakeOf(a, b) || isMojibakeOf(b, a)) return { code: 'mojibake' };
  if (isCut(a, b)) return { code: 'truncated', at: [...b].length };
  return OTHER;
}
