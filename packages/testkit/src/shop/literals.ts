// SQL literals of random values, written so that MySQL and MariaDB store the same bytes for them.
// Texts come from fixed lists without quotes or backslashes: nothing here escapes.

import type { SeededRandom } from '../random/seededRandom.ts';

const NAMES = [
  'Ada Lovelace',
  'Zoë Ångström',
  'Jürgen Groß',
  'Søren Kierkegård',
  'José Núñez',
  'Łukasz Żółć',
  'Ελένη Παππά',
  'Иван Петров',
  '李小龍',
  '山田太郎',
  '김민준',
  'محمد علي',
  'שרה לוי',
  'Nguyễn Thị Hoa',
  'Chloe\u0308 decomposed',
  '🦊 Fuchs',
] as const;

const WORDS = [
  'fragile',
  'gift',
  'call before',
  'blå',
  'grün',
  'señal',
  'poste restante',
  '至急',
  'leave at door',
  'trailing ',
] as const;

const CENTURY_START_MS = Date.UTC(2020, 0, 1);
const SECONDS_OF_SIX_YEARS = 6 * 365 * 86_400;

export function name(random: SeededRandom): string {
  return `'${random.pick(NAMES)} ${random.int(1, 9999)}'`;
}

export function note(random: SeededRandom): string {
  const draw = random.int(0, 9);
  if (draw < 3) return 'NULL';
  if (draw === 3) return `''`;
  return `'${random.pick(WORDS)} ${random.int(0, 99999)} ${random.pick(WORDS)}'`;
}

/** A decimal of two places, from cents. */
export function cents(low: number, high: number, random: SeededRandom): string {
  const amount = random.int(low, high);
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Date and time in UTC with this many fraction digits; sessions must be in UTC when it goes to a TIMESTAMP. */
export function time(fractionDigits: 0 | 3 | 6, random: SeededRandom): string {
  const seconds = random.int(0, SECONDS_OF_SIX_YEARS);
  const text = new Date(CENTURY_START_MS + seconds * 1000).toISOString();
  const whole = `${text.slice(0, 10)} ${text.slice(11, 19)}`;
  if (fractionDigits === 0) return `'${whole}'`;
  return `'${whole}.${String(random.int(0, 10 ** fractionDigits - 1)).padStart(fractionDigits, '0')}'`;
}

/** With an exponent, so that the server reads a double and not a decimal. */
export function double(random: SeededRandom): string {
  if (random.chance(0.5)) return 'NULL';
  return random.chance(0.1) ? '0e0' : `${random.int(-99_999, 99_999)}e-${random.int(1, 4)}`;
}

/**
 * In the normal form that MySQL gives to every JSON value (keys by length, then by bytes; a blank after colon
 * and comma): MariaDB keeps JSON as the text it was given.
 */
export function json(random: SeededRandom): string {
  if (random.chance(0.03)) return 'NULL';
  const list = [random.int(0, 9), random.int(0, 99), random.int(0, 999)]
    .slice(0, random.int(0, 3))
    .join(', ');
  const web = random.pick(['"web"', '"shop"', 'null', 'true']);
  return `'{"n": ${random.int(0, 1_000_000)}, "tag": "${random.pick(WORDS)}", "items": [${list}], "origin": ${web}}'`;
}
