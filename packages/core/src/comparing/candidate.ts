/** A suspicion from the comparison. Rechecking confirms or drops it. */
import type { KeyTuple } from '@rowparity/contracts';
import type { SeenRow } from '../rows/seenRow.ts';
import type { Sides } from '../sides/sides.ts';

/** A key seen different once, with what was seen on each side; null where there was no row. */
export interface Candidate {
  readonly key: KeyTuple;
  readonly seen: Sides<SeenRow | null>;
}
