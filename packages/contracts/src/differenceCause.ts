/** Why two values of a column differ, as far as the values tell. It names no value. */
import { z } from 'zod';
import { PLAIN_CAUSES } from './words/causeWords.ts';

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
