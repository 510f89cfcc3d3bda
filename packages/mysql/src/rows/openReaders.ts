/** The readers of one attempt at a shard: pages and points on each side, each on a session of its own. */
import { directionOf, type RunRecord, type TablePlan } from '@rowparity/contracts';
import { byRole, mapSides, type ShardReaders } from '@rowparity/core';
import type { SessionShelf } from '../connection/sessionShelf.ts';
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
  return { pages, points };
}
