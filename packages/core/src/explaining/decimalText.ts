/** Arithmetic on decimal digits, exact for any length. */

/** digits × 10^−scale. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Beyond it a power of ten is not worth its digits. */
const EXPONENT_MAX = 400;

/** Without zeros at the end of the fraction; undefined for what is no finite number. */
export function signedDigits(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '' || Math.abs(Number(exponent)) > EXPONENT_MAX) return undefined;
  let scale = fraction.length - Number(exponent);
  let digits = BigInt(`${whole}${fraction}`);
  if (scale < 0) {
    digits *= 10n ** BigInt(-scale);
    scale = 0;
  }
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  return { digits: sign === '-' ? -digits : digits, scale };
}

/** Without a sign, in units of the finer of the two scales. */
export function differenceOf(a: Decimal, b: Decimal): bigint {
  const scale = Math.max(a.scale, b.scale);
  const difference = scaledTo(a, scale) - scaledTo(b, scale);
  return difference < 0n ? -difference : difference;
}

/** The second number is the first one at fewer digits: rounded half away from zero, half to even, or cut off. */
export function isRoundedTo(exact: Decimal, short: Decimal): boolean {
  const unit = 10n ** BigInt(exact.scale - short.scale);
  const magnitude = exact.digits < 0n ? -exact.digits : exact.digits;
  const cut = magnitude / unit;
  const rest = magnitude % unit;
  const isMore = 2n * rest > unit || (2n * rest === unit && cut % 2n === 1n);
  const rounded = [cut, 2n * rest >= unit ? cut + 1n : cut, isMore ? cut + 1n : cut];
  const found = short.digits < 0n ? -short.digits : short.digits;
  const isSameSign = exact.digits < 0n === short.digits < 0n || found === 0n;
  return isSameSign && rounded.includes(found);
}

function scaledTo({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}
