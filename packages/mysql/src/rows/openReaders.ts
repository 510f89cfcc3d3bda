/**
 * The readers of one attempt at a shard: pages and points on each side, or multisets. Each takes a session of its own when
 * it is first asked.
 */
import { directionOf, type RunRecord, type TablePlan } from '@rowparity/contracts';
import { byRole, mapSides, type ShardReaders } from '@rowparity/core';
import type { SessionShelf } from '../connection/sessionShelf.ts';
import { SqlMultisetReader } from './sqlMultisetReader.ts';
import { SqlRowReader } from './sqlRowReader.ts';

/** `shelfOf` throws CONNECTION_UNKNOWN. */
export function openReaders(
  { spec }: Pick<RunRecord, 'spec'>,
  plan: TablePlan,
  shelfOf: (ref: string) => SessionShelf,
): ShardReaders {
  const shelves = mapSides(byRole(spec, directionOf(spec)), shelfOf);
  const pages = mapSides(shelves, (shelf, side) => new SqlRowReader(shelf, plan, side));
  const points = mapSides(
    shelves,
    (shelf, side) => new SqlRowReader(shelf, plan, { side, beside: pages[side] }),
  );
  if (!plan.multiset) return { pages, points };
  const multisets = mapSides(shelves, (shelf, side) => new SqlMultisetReader(shelf, plan, side));
  return { pages, points, multisets };
}
