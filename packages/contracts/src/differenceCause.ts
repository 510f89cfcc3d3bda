/** Why two values of a column differ, as far as the values tell. It names no value. */
import { z } from 'zod';

const PLAIN_CAUSES = [
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

export const differenceCause = z.union([
  z.strictObject({ code: z.enum(PLAIN_CAUSES) }),
  /** The target has so many characters (bytes, where it is no text) of the base's value. */
  z.strictObject({ code: z.literal('truncated'), at: z.int().min(1) }),
  /** To so many digits behind the point. */
  z.strictObject({ code: z.literal('rounded'), at: z.int().min(0) }),
  /** The target is so many minutes later: the offset of a time zone. */
  z.strictObject({ code: z.literal('shifted'), minutes: z.int() }),
]);
export type DifferenceCause = z.infer<typeof differenceCause>;

const WORDS: Readonly<Record<(typeof PLAIN_CAUSES)[number], string>> = {
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

export function causeWords(cause: DifferenceCause): string {
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
