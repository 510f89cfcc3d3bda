import { expect, it } from 'vitest';
import type { Session } from './session.ts';
import { SessionPlaces } from './sessionPlaces.ts';

const never = new AbortController().signal;

function session(connectionsMax: number): Session {
  return { isUsable: true, connectionsMax } as Session;
}

/** Places of a server that has reported its limit of sessions. */
async function placesOf(limit: number, waitMs?: number): Promise<SessionPlaces> {
  const places = new SessionPlaces('db1:3306', waitMs);
  await places.enter(1, never);
  await places.opened(async () => session(limit));
  places.leave(1);
  return places;
}

/** The names of those that got in, in order. */
function inLine(places: SessionPlaces) {
  const inside: string[] = [];
  const enter = (name: string, count: number, signal = never) =>
    places.enter(count, signal).then(() => void inside.push(name));
  return { inside, enter };
}

/** Every promise that can settle has settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('places are taken together, in line: one that needs two is not passed by others that need one', async () => {
  const places = await placesOf(3);
  const { inside, enter } = inLine(places);
  await enter('a', 2);
  void enter('b', 2);
  void enter('c', 1);
  await settled();
  expect(inside).toEqual(['a']);
  expect(places.tryEnter()).toBe(false);
  places.leave(2);
  await settled();
  expect(inside).toEqual(['a', 'b', 'c']);
});

it('a place that nothing waits for can be had without waiting', async () => {
  const places = await placesOf(2);
  expect([places.tryEnter(), places.tryEnter(), places.tryEnter()]).toEqual([true, true, false]);
  expect(places.isTight).toBe(true);
});

it('an abort ends a wait, and lets in what stood behind it', async () => {
  const places = await placesOf(2);
  const { inside, enter } = inLine(places);
  await enter('a', 1);
  const stop = new AbortController();
  const waiting = enter('b', 2, stop.signal);
  void enter('c', 1);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  await settled();
  expect(inside).toEqual(['a', 'c']);
});

it('a wait ends: the fault is of this process, and nothing is held', async () => {
  const places = await placesOf(1, 1);
  await places.enter(1, never);
  await expect(places.enter(1, never)).rejects.toMatchObject({
    class: 'transient',
    code: 'TOO_MANY_CONNECTIONS',
    place: 'process',
  });
  places.leave(1);
  expect(places.tryEnter()).toBe(true);
});

it('more than the server will ever allow is refused at once', async () => {
  const places = await placesOf(1);
  await expect(places.enter(2, never)).rejects.toMatchObject({
    class: 'permanent',
    message: expect.stringContaining('MAX_USER_CONNECTIONS'),
  });
});

it('what a server refuses is learned: what is in use is the limit', async () => {
  const places = new SessionPlaces('db1:3306');
  expect(places.learnRefusal()).toBe(false);
  const { inside, enter } = inLine(places);
  await enter('a', 1);
  await places.opened(async () => session(Number.POSITIVE_INFINITY));
  expect(places.learnRefusal()).toBe(true);
  void enter('b', 2);
  await settled();
  expect(inside).toEqual(['a']);
  places.leave(1);
  await settled();
  expect(inside).toEqual(['a', 'b']);
});
