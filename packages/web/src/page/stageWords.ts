/** Stages of a migration as people read them. */
import type { Stage } from '@rowparity/contracts';

export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  src_only: 'source only',
  src_first: 'both, the source leads',
  dst_first: 'both, the destination leads',
  dst_only: 'destination only',
};
