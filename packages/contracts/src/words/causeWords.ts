/**
 * Why two values of a column differ, in words. A browser loads this file as it is: it imports nothing.
 */

export const PLAIN_CAUSES = [
  'null',
  'nullForEmpty',
  'nullForZero',
  'trailingSpace',
  'letterCase',
  'unicodeForm',
  'lostCharacters',
  'mojibake',
  'jsonOrder',
  'offByOne',
  'sign',
  'floatPrecision',
  'fractionLost',
  'timeOfDayLost',
  'swapped',
  'updateTime',
  'other',
] as const;

type PlainCause = (typeof PLAIN_CAUSES)[number];

export type Cause =
  | { readonly code: PlainCause }
  | { readonly code: 'truncated' | 'rounded'; readonly at: number }
  | { readonly code: 'shifted'; readonly minutes: number };

const WORDS: Readonly<Record<PlainCause, string>> = {
  null: 'NULL on one side',
  nullForEmpty: 'NULL against an empty value',
  nullForZero: 'NULL against 0',
  trailingSpace: 'white space at the end',
  letterCase: 'upper and lower case',
  unicodeForm: 'the form of Unicode (composed or not)',
  lostCharacters: 'characters lost as "?"',
  mojibake: 'UTF-8 read as latin1',
  jsonOrder: 'the order or spelling of JSON',
  offByOne: 'off by one',
  sign: 'the sign',
  floatPrecision: 'the precision of FLOAT',
  fractionLost: 'fractions of a second lost',
  timeOfDayLost: 'the time of day lost',
  swapped: 'two columns swapped',
  updateTime: 'the update time alone',
  other: 'other',
};

export function causeWords(cause: Cause): string {
  switch (cause.code) {
    case 'truncated':
      return `truncated at ${cause.at}`;
    case 'rounded':
      return `rounded to ${cause.at} ${cause.at === 1 ? 'decimal' : 'decimals'}`;
    case 'shifted':
      return `${offsetWords(Math.abs(cause.minutes))} ${cause.minutes < 0 ? 'earlier' : 'later'}`;
    default:
      return WORDS[cause.code];
  }
}

function offsetWords(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (rest === 0) return `${hours} h`;
  return hours === 0 ? `${rest} min` : `${hours} h ${rest} min`;
}
