import { expect, it } from 'vitest';
import { cursorOf, runListQuery } from './runListQuery.ts';

it('a query is read to its last digit', () => {
  const place = { createdAt: 1_764_200_000_123, runId: 'orders-1.a_b' };
  expect(runListQuery.parse({ state: 'settled', limit: '7', cursor: cursorOf(place) })).toEqual({
    ...{ state: 'settled', limit: 7, cursor: place },
  });
});

it.each<[object, string]>([
  [{ state: 'done' }, 'state'],
  [{ verdict: 'good' }, 'verdict'],
  [{ limit: '0' }, 'limit'],
  [{ limit: '201' }, 'limit'],
  [{ limit: '1e1' }, 'limit'],
  [{ limit: ['1', '2'] }, 'limit'],
  [{ cursor: 'abc' }, 'cursor'],
  [{ cursor: '1~' }, 'cursor'],
  [{ cursor: '1~a:b' }, 'cursor'],
  [{ size: '1' }, ''],
])('%j is refused with the parameter', (query, path) => {
  const { error } = runListQuery.safeParse(query);
  expect(error?.issues[0]?.path.join('.')).toBe(path);
});
