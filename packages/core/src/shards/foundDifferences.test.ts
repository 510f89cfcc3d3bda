import type { EventState, KnownDifference, TablePlan } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { EventInput } from './eventOf.ts';
import type { Following } from './following.ts';
import { FoundDifferences } from './foundDifferences.ts';
import { rowIdOf } from './rowId.ts';
import type { EndedRow } from './telling.ts';

const side = { schema: 's', table: 't' };
const plan: TablePlan = {
  tables: { base: side, target: side },
  columns: [
    {
      names: { base: 'k', target: 'k' },
      types: { base: 't', target: 't' },
      readAs: { kind: 'plain' },
      rules: [],
    },
  ],
  key: [{ column: 0, kind: 'text' }],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};
const rows = {
  connections: { source: 's', destination: 'd' },
  tables: { source: 't', destination: 't' },
  keySpace: '0'.repeat(16),
};
const context: EventInput = {
  ...{ runId: 'r', generation: 2, direction: 'SRC', table: 't', plan, rows },
};
const confirmed: EndedRow = {
  ...{ end: 'confirmed', candidate: ['a'] },
  row: { type: 'neq', key: ['a'], columns: ['v'], ageMs: 1 },
};

async function told(before: KnownDifference['state'] | 'unknown', isWhole = true) {
  const known: KnownDifference = {
    ...{ table: 0, rowId: rowIdOf(rows, ['a']), key: ['a'], keySpace: rows.keySpace },
    ...{ type: 'neq', columns: [] },
    ...{ state: before === 'unknown' ? 'open' : before, firstSeen: 5, lastSeen: 6, generations: 3 },
  };
  const following: Following = { isWhole, find: async () => [before === 'unknown' ? undefined : known] };
  const teller = new FoundDifferences({ context, clock: { now: () => 100 }, following });
  const [telling] = await teller.tell([confirmed]);
  return telling;
}

type Expected = [before: KnownDifference['state'] | 'unknown', state: EventState, age: object];

it.each<Expected>([
  // The shard with its key could not tell.
  ['open', 'still', { firstSeen: 5, generations: 4, lastSeen: 100 }],
  ['unknown', 'new', { firstSeen: 100, generations: 1, lastSeen: 100 }],
  // It was compared equal in this run, and came back.
  ['resolved', 'new', { firstSeen: 100, generations: 1, lastSeen: 100 }],
])('a difference that is %s before is told as %s, once', async (before, state, age) => {
  const telling = await told(before);
  expect(telling?.event).toMatchObject({ State: state, RowID: rowIdOf(rows, ['a']) });
  expect(telling?.known).toMatchObject({ state, ...age });
  expect(telling?.add).toEqual({
    ...{ candidates: 1, neq: 1, [state === 'new' ? 'knownNew' : 'knownStill']: 1 },
  });
});

it.each(['new', 'still', 'found'] as const)(
  'one that was told as %s in this run is counted and not told again',
  async (before) => {
    const telling = await told(before);
    expect(telling).toEqual({ add: { candidates: 1, neq: 1 } });
  },
);

it('where the run before kept not all, an unknown row has an event without a state, and is called neither new nor still', async () => {
  const telling = await told('unknown', false);
  expect(telling?.event).toMatchObject({ Stability: 'confirmed' });
  expect(telling?.event).not.toHaveProperty('State');
  expect(telling?.known).toMatchObject({ state: 'found' });
  expect(telling?.add).toEqual({ candidates: 1, neq: 1 });
  expect((await told('open', false))?.event).toMatchObject({ State: 'still' });
});

it('the id of an event tells the states of a row apart; the id of the row does not depend on run, state or direction', async () => {
  const events = [await told('open'), await told('unknown'), await told('unknown', false)].map(
    (one) => one?.event,
  );
  expect(new Set(events.map((event) => event?.EventID)).size).toBe(3);
  expect(new Set(events.map((event) => event?.RowID)).size).toBe(1);
  const other = { ...rows, connections: { source: 'S', destination: 'd' } };
  expect(rowIdOf(other, ['a'])).toBe(rowIdOf(rows, ['a']));
  for (const differs of [
    rowIdOf({ ...rows, tables: { source: 't', destination: 'u' } }, ['a']),
    rowIdOf({ ...rows, connections: { source: 'd', destination: 's' } }, ['a']),
    rowIdOf(rows, ['a', '']),
  ])
    expect(differs).not.toBe(rowIdOf(rows, ['a']));
});
