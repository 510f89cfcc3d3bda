import { type KnownDifference, type TablePlan, zeroCounts } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { Pending } from '../ports/ledger.ts';
import { RunConvergence } from '../shards/convergenceTimes.ts';
import type { EventInput } from '../shards/eventOf.ts';
import { rowIdOf } from '../shards/rowId.ts';
import { FakeRowReader } from '../testing/fakeRowReader.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { validateKeys } from './validateKeys.ts';

const side = { schema: 's', table: 't' };
const column = (name: string) => ({
  names: { base: name, target: name },
  types: { base: 't', target: 't' },
  readAs: { kind: 'plain' as const },
  rules: [],
});
const plan: TablePlan = {
  tables: { base: side, target: side },
  columns: [column('k'), column('v')],
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
  ...{ runId: 'again', generation: 2, direction: 'SRC', table: 't', plan, rows },
};

type Rows = Readonly<Record<string, string>>;

function knownOf(key: string, change: Partial<KnownDifference> = {}): KnownDifference {
  return {
    ...{ table: 0, rowId: rowIdOf(rows, [key]), key: [key], keySpace: rows.keySpace },
    ...{ type: 'neq', columns: ['v'], state: 'open' },
    ...{ firstSeen: 5, lastSeen: 6, generations: 3 },
    ...change,
  };
}

class KeysBench {
  readonly clock = new ManualClock();
  readonly base: FakeRowReader;
  readonly target: FakeRowReader;
  where: TablePlan['where'] = null;
  tellsResolved = true;
  hasRanges = false;
  delaysMs = [100, 200];
  /** What was told before the end: rows and candidates that wait. */
  readonly told: (Pending | undefined)[] = [];
  readonly rested: number[] = [];
  isHeld = true;
  readonly events: { readonly Type: string; readonly key: string; readonly state: string }[] = [];

  constructor(base: Rows, target: Rows) {
    this.base = new FakeRowReader(Object.entries(base));
    this.target = new FakeRowReader(Object.entries(target));
  }

  async look(...keys: string[]) {
    const readers = { base: this.base, target: this.target };
    const end = await validateKeys(
      {
        ...{ context: { ...context, plan: { ...plan, where: this.where } }, shard: 0 },
        ...{ range: { after: null, upTo: null }, keys: keys.map((key) => [key]) },
        ...{ checkpoint: null, counts: zeroCounts() },
        policy: {
          recheck: { delaysMs: this.delaysMs, stillMs: 'auto', fence: 'off', maxWaitMs: 0 },
          ...{ strategy: 'exact', shard: { rows: 10, window: 1, pageRows: 10 } },
          ...(this.hasRanges ? {} : { basedOn: { runId: 'base', only: ['known'] } }),
          ...{ known: { keep: 0 }, events: { resolved: this.tellsResolved } },
        },
      },
      {
        ...{ pages: readers, points: readers, clock: this.clock, convergence: new RunConvergence() },
        following: {
          isWhole: true,
          find: async (ids) =>
            ids.map((id) => keys.map((key) => knownOf(key)).find(({ rowId }) => rowId === id)),
        },
        sink: {
          publish: async (placed) => {
            for (const { event } of placed) {
              const state = event.State ?? event.Stability ?? '';
              this.events.push({ Type: event.Type, key: String(event.Key?.k), state });
            }
          },
          flush: async () => {},
        },
        isWanted: async () => true,
        resting: {
          begin: async (bytes) => this.rested.push(bytes) > 0,
          rest: async () => {},
          wake: async () => {},
        },
        commit: async ({ pending }) => {
          this.told.push(pending);
          return { kind: this.isHeld ? 'written' : 'fenced' };
        },
      },
      new AbortController().signal,
    );
    if (end.kind !== 'ended') throw new Error(end.kind);
    const { rest, outcome, failure } = end;
    const known = Object.fromEntries((rest.known?.rows ?? []).map((row) => [row.key[0], row]));
    const counts = Object.fromEntries(Object.entries(rest.add).filter(([, count]) => count > 0));
    return { outcome, code: failure?.code, counts, known };
  }
}

it('what is confirmed again is still different, with its type and age of now; what is equal is resolved at once', async () => {
  const bench = new KeysBench({ a: '1', b: '1', c: '1' }, { a: '1', c: '2' });
  const { outcome, counts, known } = await bench.look('a', 'b', 'c', 'gone');
  expect(outcome).toBe('differs');
  expect(counts).toEqual({ knownStill: 2, knownResolved: 2 });
  const now = bench.clock.now();
  expect(known).toMatchObject({
    a: { state: 'resolved', type: 'neq', firstSeen: 5, lastSeen: 6, generations: 3 },
    b: { state: 'still', type: 'target_missing', columns: [], firstSeen: 5, lastSeen: now, generations: 4 },
    c: { state: 'still', type: 'neq', columns: ['v'], generations: 4 },
    gone: { state: 'resolved' },
  });
  expect(bench.events).toHaveLength(4);
  expect(bench.events).toEqual(
    expect.arrayContaining([
      { Type: 'neq', key: 'a', state: 'resolved' },
      { Type: 'target_missing', key: 'b', state: 'still' },
      { Type: 'neq', key: 'c', state: 'still' },
    ]),
  );
});

it('a row that becomes equal while it is looked at is resolved, and no event says so unless asked', async () => {
  const bench = new KeysBench({ a: '1' }, { a: '0' });
  bench.tellsResolved = false;
  bench.clock.onSleep = () => bench.target.rows.set('a', '1');
  expect(await bench.look('a')).toMatchObject({ outcome: 'match', counts: { knownResolved: 1 } });
  expect(bench.events).toEqual([]);
});

it('before a long wait what waits is told, with what it takes in memory; one that lost its hold ends then', async () => {
  const bench = new KeysBench({ a: '1', b: '1', c: '1' }, { a: '0', b: '0', c: '1' });
  bench.delaysMs = [8000, 8000];
  // Moves once, so that it is looked at twice.
  let moves = 0;
  bench.clock.onSleep = () => {
    moves += 1;
    if (moves === 1) for (const key of ['a', 'b']) bench.target.rows.set(key, 'moved');
  };
  expect(await bench.look('a', 'b', 'c')).toMatchObject({ counts: { knownStill: 2, knownResolved: 1 } });
  expect(bench.told).toEqual([{ rows: 3, candidates: 2 }]);
  expect(bench.rested).toEqual([2 * (1024 + 2)]);
  bench.isHeld = false;
  await expect(bench.look('a')).rejects.toThrow('lost');
  bench.delaysMs = [100];
  expect(await bench.look('a')).toMatchObject({ counts: { knownStill: 1 } });
});

it('a row that keeps changing is neither: it stays known, and the shard is inconclusive', async () => {
  const bench = new KeysBench({ a: '1' }, { a: '0' });
  let n = 0;
  bench.clock.onSleep = () => void bench.base.rows.set('a', `${++n}!`);
  expect(await bench.look('a')).toMatchObject({
    ...{ outcome: 'inconclusive', code: 'UNSTABLE_ROWS', counts: { knownUnstable: 1 }, known: {} },
  });
  expect(bench.events).toEqual([{ Type: 'neq', key: 'a', state: 'unstable' }]);
});

it('behind a predicate a row that no side shows may only have left it: nothing is told', async () => {
  const bench = new KeysBench({ b: '1' }, { b: '1' });
  bench.where = { base: 'v > 0', target: 'v > 0' };
  expect(await bench.look('a', 'b')).toMatchObject({
    ...{ outcome: 'inconclusive', code: 'KNOWN_OUT_OF_SIGHT' },
    counts: { knownHidden: 1, knownResolved: 1 },
  });
  expect(bench.events).toEqual([{ Type: 'neq', key: 'b', state: 'resolved' }]);
});

it('where ranges follow, a row of which nothing can be told stays known and holds up no verdict', async () => {
  const bench = new KeysBench({ b: '1' }, { b: '1' });
  bench.where = { base: 'v > 0', target: 'v > 0' };
  bench.hasRanges = true;
  const end = await bench.look('a', 'b');
  expect(end).toMatchObject({ outcome: 'match', counts: { knownHidden: 1, knownResolved: 1 } });
  expect(Object.keys(end.known)).toEqual(['b']);
});

it.each<['base' | 'target' | 'both']>([['base'], ['target'], ['both']])(
  'a row that %s stores and does not find by its key is never taken for gone',
  async (where) => {
    const bench = new KeysBench({ a: '1', b: '1' }, { a: '1', b: '1' });
    for (const one of ['base', 'target'] as const)
      if (where === one || where === 'both') bench[one].hiddenKeys.add('a');
    expect(await bench.look('a', 'b')).toMatchObject({
      ...{ outcome: 'inconclusive', code: 'KNOWN_OUT_OF_SIGHT' },
      counts: { knownHidden: 1, knownResolved: 1 },
    });
  },
);
