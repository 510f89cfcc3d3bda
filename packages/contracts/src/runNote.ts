/** What a reader of a run must know beside its verdict. Notes change no verdict; docs/operating.md tells what to do. */
import { z } from 'zod';

const noteCode = z.enum([
  'NO_ROWS_COMPARED',
  'INHERITED_SHARDS',
  'CHANGED_ROWS_ONLY',
  'ONLY_KNOWN_COMPARED',
  'KNOWN_OVERFLOWED',
  'NOT_TABLES',
  'TABLES_OUT_OF_SIGHT',
  'SAME_DATABASE_ALLOWED',
  'REPLICATES',
  'FENCED_BY_VALUE',
  'BEHIND_AT_START',
  'NO_COMMON_HISTORY',
  'JUDGED_BY_TIME',
  'SHORTER_DELAY',
  'MOVING_PREDICATE',
]);

export const runNote = z.strictObject({ code: noteCode, message: z.string().max(2000) });
export type RunNote = z.infer<typeof runNote>;
