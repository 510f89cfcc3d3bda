/**
 * Cuts the key space of a key that has no arithmetic (text in some collation): every boundary is a key that the
 * server itself gave, so the shards are in the server's order whatever the collation.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import { rangesBetween } from './cutRange.ts';

export interface StepRequest {
  readonly wantedRows: number;
  /** The key `rows` rows behind `after`; undefined when there are fewer. Reads the index alone. */
  keyBehind(after: KeyTuple | null, rows: number): Promise<KeyTuple | undefined>;
}

export async function cutByRows(request: StepRequest): Promise<KeyRange[]> {
  const cuts: KeyTuple[] = [];
  for (;;) {
    const next = await request.keyBehind(cuts.at(-1) ?? null, request.wantedRows);
    if (next === undefined) return rangesBetween(cuts);
    cuts.push(next);
  }
}
