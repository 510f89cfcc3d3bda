/**
 * Whether two collations put keys in nearly the same order. Rows are matched by bytes and looked for by value, so another
 * order costs rechecks and never a wrong answer; an order that is wholly another would cost a recheck for each row.
 */

/** All of these sort letters without their case, then digits before letters, whatever they make of accents. */
const WITHOUT_CASE =
  /_(general|general_mysql500|unicode|unicode_520|swedish|german1|0900|uca1400)(_nopad)?(_a[is])?_ci$/;
const BY_CODE = /_(bin|nopad_bin|0900_bin)$/;
/** Sets whose codes are in the order of Unicode, or nearly so. */
const CHARSETS: ReadonlySet<string> = new Set([
  'utf8',
  'utf8mb3',
  'utf8mb4',
  'latin1',
  'ascii',
  'ucs2',
  'utf16',
]);

export function sortAlike(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || ![a, b].every((one) => CHARSETS.has(one.split('_')[0] as string))) {
    return false;
  }
  return [WITHOUT_CASE, BY_CODE].some((family) => family.test(a) && family.test(b));
}
