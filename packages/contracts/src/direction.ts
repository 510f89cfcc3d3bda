/** Direction and stage: which side of a migration is trusted. */
import { z } from 'zod';

/** `SRC`: the source is right, and a repair copies from it. `DST`: the destination is right. */
export const direction = z.enum(['SRC', 'DST']);
export type Direction = z.infer<typeof direction>;

/** Where a double-write migration stands. */
export const stage = z.enum(['src_only', 'src_first', 'dst_first', 'dst_only']);
export type Stage = z.infer<typeof stage>;

const TRUSTED_SIDE: Readonly<Record<Stage, Direction>> = {
  src_only: 'SRC',
  src_first: 'SRC',
  dst_first: 'DST',
  dst_only: 'DST',
};

export function directionOfStage(stage: Stage): Direction {
  return TRUSTED_SIDE[stage];
}
