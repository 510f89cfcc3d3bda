import { runSpec } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  continuesPlan,
  intentOf,
  isExactSplit,
  isSameSpec,
  pausedMsOf,
  type StoredRange,
  takesWork,
  takesWrites,
} from './rules.ts';

const open = (table: number): StoredRange => ({ table, after: null, upTo: null });

it.each<[string, StoredRange | undefined, StoredRange, boolean]>([
  ['the first shard begins open', undefined, open(0), true],
  ['the first shard begins closed', undefined, { table: 0, after: 'a', upTo: null }, false],
  ['a shard begins where its forerunner ended', { ...open(0), upTo: 'a' }, { ...open(0), after: 'a' }, true],
  ['a gap', { ...open(0), upTo: 'a' }, { ...open(0), after: 'b' }, false],
  ['a second shard behind an open end', open(0), open(0), false],
  ['the next table behind an open end', open(0), open(1), true],
  ['the next table behind a closed end', { ...open(0), upTo: 'a' }, open(1), false],
  ['the next table begins closed', open(0), { ...open(1), after: 'a' }, false],
  ['a table before the previous one', open(1), open(0), false],
])('%s', (_, previous, next, isAllowed) => {
  expect(continuesPlan(previous, next)).toBe(isAllowed);
});

it('for any cuts, a table that is cut at them continues from open to open, and with one left out it does not', () => {
  const cuts = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 9 });
  fc.assert(
    fc.property(cuts, fc.nat(), (keys, seed) => {
      const ends = [null, ...keys, null];
      const chain = ends.slice(1).map((upTo, i) => ({ table: 0, after: ends[i] ?? null, upTo }));
      const isChain = (ranges: readonly StoredRange[]) =>
        ranges.every((range, i) => continuesPlan(ranges[i - 1], range)) && ranges.at(-1)?.upTo === null;
      expect(isChain(chain)).toBe(true);
      const gone = seed % chain.length;
      expect(isChain(chain.filter((__, i) => i !== gone))).toBe(false);
    }),
  );
});

it.each<[readonly string[], boolean]>([
  [['m'], true],
  [['m', 'n'], true],
  [['c', 'm'], true],
  [['m', 'c'], false],
  [[], false],
  [['a'], false],
  [['z'], false],
  [['m', 'm'], false],
])('a shard from a to z with its checkpoint at c is split at %j: %s', (cuts, isExact) => {
  expect(isExactSplit({ after: 'a', upTo: 'z', checkpoint: 'c' }, cuts)).toBe(isExact);
});

const STATES = ['accepted', 'planning', 'running', 'settled'] as const;

it('only a run that is planned, not settled and not cancelled takes work, and a paused one takes writes alone', () => {
  const wanting = (cancelRequested: boolean, pausedAt: number | null) =>
    STATES.map((state) => ({ state, cancelRequested, pausedAt }));
  expect(wanting(false, null).filter(takesWork)).toMatchObject([{ state: 'running' }]);
  expect(wanting(false, 1).filter(takesWork)).toEqual([]);
  expect(wanting(false, 1).filter(takesWrites)).toMatchObject([{ state: 'running' }]);
  expect(wanting(true, null).filter(takesWrites)).toEqual([]);
  expect(wanting(false, 1).map(intentOf)).toEqual(['stop', 'stop', 'pause', 'stop']);
  expect(wanting(true, 1).map(intentOf)).toEqual(['stop', 'stop', 'stop', 'stop']);
  expect(intentOf(undefined)).toBe('stop');
});

it('paused time counts from the plan on, to now while the pause lasts', () => {
  expect(pausedMsOf({ pausedAt: null, pausedMs: 70, plannedAt: 100 }, 900)).toBe(70);
  expect(pausedMsOf({ pausedAt: 50, pausedMs: 0, plannedAt: null }, 900)).toBe(0);
  expect(pausedMsOf({ pausedAt: 50, pausedMs: 0, plannedAt: 100 }, 900)).toBe(800);
  expect(pausedMsOf({ pausedAt: 300, pausedMs: 70, plannedAt: 100 }, 900)).toBe(670);
});

it('a spec is the same with its defaults written out, and another with one value changed', () => {
  const short = { version: 1, runId: 'r', source: 's', destination: 'd', direction: 'SRC' };
  const spec = runSpec.parse({ ...short, tables: [{ name: 't' }] });
  const turned = Object.fromEntries(Object.entries(spec).reverse()) as typeof spec;
  expect(isSameSpec(spec, turned)).toBe(true);
  expect(isSameSpec(spec, { ...spec, shard: { ...spec.shard, window: spec.shard.window + 1 } })).toBe(false);
});
