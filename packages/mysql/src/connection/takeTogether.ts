/**
 * Takes the sessions of both servers that a shard needs, or none: shards that each hold one side and wait for the other
 * would wait forever. Places are entered in one order everywhere. If a server refuses, everything is released before
 * the next try.
 */
import { mapSides, SIDES, type Sides } from '@rowparity/core';
import type { Session } from './session.ts';
import type { SessionPlaces } from './sessionPlaces.ts';
import { isRefusal, type SessionPool } from './sessionPool.ts';

export async function takeTogether(pools: Sides<SessionPool>, signal: AbortSignal): Promise<Sides<Session>> {
  for (;;) {
    const leave = await enterAll(pools, signal);
    const opened = await Promise.allSettled(SIDES.map((side) => pools[side].open()));
    const refused = SIDES.filter((_, i) => opened[i]?.status === 'rejected');
    if (refused.length === 0 && !signal.aborted) return sessionsOf(opened);
    await Promise.all(
      SIDES.map((side, i) => {
        const end = opened[i];
        return end?.status === 'fulfilled' ? pools[side].release(end.value) : undefined;
      }),
    );
    leave(refused.map((side) => pools[side].places));
    signal.throwIfAborted();
    const errors = opened.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    const lasting = errors.find((error) => !isRefusal(error));
    if (lasting) throw lasting;
    const areLearned = refused.map((side) => pools[side].places.learnRefusal());
    if (areLearned.includes(false)) throw errors[0];
  }
}

/** Resolves with the function that frees the places. */
async function enterAll(
  pools: Sides<SessionPool>,
  signal: AbortSignal,
): Promise<(places: readonly SessionPlaces[]) => void> {
  const groups = [...Map.groupBy(SIDES, (side) => pools[side].places)].sort(([a], [b]) => a.order - b.order);
  const entered: (readonly [SessionPlaces, number])[] = [];
  try {
    for (const [places, { length }] of groups) {
      await places.enter(length, signal);
      entered.push([places, length]);
    }
  } catch (error) {
    for (const [places, count] of entered) places.leave(count);
    throw error;
  }
  return (places) => {
    for (const one of places) one.leave(1);
  };
}

function sessionsOf(opened: readonly PromiseSettledResult<Session>[]): Sides<Session> {
  const sessions = opened.map((end) => (end as PromiseFulfilledResult<Session>).value);
  return mapSides({ base: 0, target: 1 }, (i) => sessions[i] as Session);
}
