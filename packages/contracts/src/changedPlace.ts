/**
 * How far a shard of changed rows has come. The rows that changed on the base are listed first, then those that changed
 * on the target. The ledger keeps it as the text of a checkpoint.
 */
import { z } from 'zod';

const changedKey = z.strictObject({ time: z.string(), key: z.array(z.string()).readonly() });

export const changedPlace = z.strictObject({
  /** Whose list is walked. */
  side: z.enum(['base', 'target']),
  /** Behind this row; null at the beginning of the list. */
  after: changedKey.nullable(),
  /** The last row of the base's list; null where it had none, or has not ended. */
  baseEnd: changedKey.nullable(),
});
export type ChangedPlace = z.infer<typeof changedPlace>;
