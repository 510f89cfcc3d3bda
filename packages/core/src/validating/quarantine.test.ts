import { expect, it } from 'vitest';
import { type Company, Quarantine } from './quarantine.ts';

const never = new AbortController().signal;

/** Enters a number of times, and tells who is inside. */
function hall() {
  const quarantine = new Quarantine();
  const inside = new Map<string, () => void>();
  const come = (name: string, company: Company, signal = never) =>
    quarantine.enter(company, signal).then((leave) => {
      inside.set(name, leave);
    });
  const leave = (name: string) => {
    inside.get(name)?.();
    inside.delete(name);
  };
  const names = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return [...inside.keys()].sort().join(' ');
  };
  return { come, leave, names };
}

it('ordinary shards are inside together', async () => {
  const { come, names } = hall();
  for (const name of ['a', 'b', 'c']) void come(name, 'together');
  expect(await names()).toBe('a b c');
});

it('one that must be alone waits until the others have left, and no other enters before it has left', async () => {
  const { come, leave, names } = hall();
  for (const name of ['a', 'b']) void come(name, 'together');
  void come('suspect', 'alone');
  for (const name of ['c', 'd']) void come(name, 'together');
  expect(await names()).toBe('a b');
  leave('a');
  expect(await names()).toBe('b');
  leave('b');
  expect(await names()).toBe('suspect');
  leave('suspect');
  expect(await names()).toBe('c d');
});

it('a second leave changes nothing', async () => {
  const quarantine = new Quarantine();
  const leave = await quarantine.enter('together', never);
  await quarantine.enter('together', never);
  leave();
  leave();
  let isAlone = false;
  void quarantine.enter('alone', never).then(() => {
    isAlone = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isAlone).toBe(false);
});

it('one whose signal aborts while it waits does not block the others', async () => {
  const { come, names } = hall();
  const stop = new AbortController();
  void come('a', 'together');
  const suspect = come('suspect', 'alone', stop.signal);
  void come('b', 'together');
  stop.abort(new Error('draining'));
  await expect(suspect).rejects.toThrow('draining');
  expect(await names()).toBe('a b');
});
