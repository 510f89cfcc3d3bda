/** Dates and times of day as servers write them: `YYYY-MM-DD[ hh:mm:ss[.ffffff]]`. */

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/;
const MICROS_A_SECOND = 1_000_000n;

/** Microseconds since 1970, as if it were in UTC; undefined for a date that no calendar has. */
export function microsOf(text: string): bigint | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = MOMENT.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return undefined;
  const seconds =
    BigInt(date.getTime() / 1000) + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  return seconds * MICROS_A_SECOND + fractionOf(text);
}

/** Microseconds of the second. */
export function fractionOf(text: string): bigint {
  const [, , , , , , , fraction = ''] = MOMENT.exec(text) ?? [];
  return BigInt(fraction.padEnd(6, '0'));
}

export function dateOf(text: string): string {
  return text.slice(0, 'YYYY-MM-DD'.length);
}
