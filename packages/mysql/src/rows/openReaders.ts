/**
 * The readers of one attempt at a shard: pages and points on each side, or multisets. One session of each side is taken
 * at the start. The first point read takes a second one if the server has a free connection.
 */
import type { TablePlan } from '@rowparity/contracts';
import { byRole, mapSides, type ShardReaders, SIDES, type WorkedRun } from '@rowparity/core';
import type { SessionPool } from '../connection/sessionPool.ts';
import { SideSessions } from '../connection/sideSessions.ts';
import { takeTogether } from '../connection/takeTogether.ts';
import { SqlChangedKeys } from './sqlChangedKeys.ts';
import { SqlMultisetReader } from './sqlMultisetReader.ts';
import { SqlRowReader } from './sqlRowReader.ts';

export interface ReadersOf {
  readonly run: Pick<WorkedRun, 'spec' | 'direction'>;
  readonly plan: TablePlan;
  /** Throws CONNECTION_UNKNOWN. */
  poolOf(ref: string): SessionPool;
}

export async function openReaders(
  { run: { spec, direction }, plan, poolOf }: ReadersOf,
  signal: AbortSignal,
): Promise<ShardReaders> {
  const pools = mapSides(byRole(spec, direction), poolOf);
  const taken = await takeTogether(pools, signal);
  const sessions = mapSides(pools, (pool, side) => new SideSessions(pool, taken[side]));
  const pages = mapSides(sessions, (session, side) => new SqlRowReader(session.pages, plan, side));
  const points = mapSides(
    sessions,
    (session, side) => new SqlRowReader(session.points, plan, { side, beside: pages[side] }),
  );
  const wake = async (awaited: AbortSignal) => {
    const again = await takeTogether(pools, awaited);
    for (const side of SIDES) sessions[side].wake(again[side]);
  };
  if (plan.changed) {
    const changed = mapSides(sessions, (session, side) => new SqlChangedKeys(session.pages, plan, side));
    return { pages, points, changed, wake };
  }
  if (!plan.multiset) return { pages, points, wake };
  const multisets = mapSides(sessions, (session, side) => new SqlMultisetReader(session.pages, plan, side));
  return { pages, points, multisets };
}
