import { runSpec, zeroCounts } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { WholeRun, WholeTable } from '../ledgering/wholeRun.ts';
import type { TableTotals } from '../ports/ledger.ts';
import { changedNotes, partFailure } from './partOfRows.ts';
import {
  areKnownResolved,
  isComplete,
  isDrained,
  isMatchInPart,
  verdictOf,
  verdictOfEnded,
} from './verdict.ts';

const plan = {
  tables: { base: { schema: 's', table: 't' }, target: { schema: 's', table: 't' } },
  columns: [
    {
      names: { base: 'id', target: 'id' },
      types: { base: 'int', target: 'int' },
      readAs: { kind: 'plain' as const },
      rules: [],
    },
  ],
  key: [{ column: 0, kind: 'integer' as const }],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};
const planned: WholeTable = { name: 't', plan, refusal: null, shards: 2, estimatedRows: 0 };
const refused: WholeTable = {
  ...planned,
  plan: null,
  shards: 0,
  refusal: { code: 'TABLE_WITHOUT_KEY', message: '' },
};

function run(tables: WholeTable[], more: Partial<WholeRun> = {}): WholeRun {
  const spec = runSpec.parse({
    version: 1,
    runId: 'r',
    source: 's',
    destination: 'd',
    direction: 'SRC',
    tables: [{ name: 't' }],
  });
  return {
    ...{ version: 2, runId: 'r', generation: 1, direction: 'SRC', window: 1, planName: 'p' },
    ...{ tableCount: tables.length, unstable: [] },
    spec,
    state: 'running',
    cancelRequested: false,
    pausedAt: null,
    pausedMs: 0,
    tables,
    shards: 2,
    verdict: null,
    failure: null,
    createdAt: 1,
    plannedAt: 2,
    settledAt: null,
    ...more,
  };
}

function changedOnly(whole: WholeRun): WholeRun {
  const changedSince = { time: '2026-11-27T10:00:00Z', column: 'updated_at', overlapMs: 0 };
  return { ...whole, spec: { ...whole.spec, changedSince } };
}

function totals(shards: Partial<TableTotals['shards']>, counts = {}): TableTotals {
  return {
    shards: { planned: 0, running: 0, match: 0, differs: 0, inconclusive: 0, ...shards },
    counts: { ...zeroCounts(), ...counts },
  };
}

it('only match from every shard of every table pair is consistent', () => {
  expect(verdictOf(run([planned]), [totals({ match: 2 })])).toBe('consistent');
});

it.each([
  ['a shard is inconclusive', run([planned]), [totals({ match: 1, inconclusive: 1 })]],
  ['a shard is still planned', run([planned]), [totals({ match: 1, planned: 1 })]],
  ['a table pair was refused', run([planned, refused]), [totals({ match: 2 }), totals({})]],
  [
    'a table was changed meanwhile',
    run([{ ...planned, changed: { code: 'SCHEMA_CHANGED', message: '' } }]),
    [totals({ match: 2 })],
  ],
  [
    'a shard was compared in an earlier run',
    run([{ ...planned, inherited: { shards: 1, rows: 5, from: 1, to: 2 } }]),
    [totals({ match: 2 })],
  ],
  ['a planted difference was missed', run([planned]), [totals({ match: 2 }, { planted: 3, caught: 2 })]],
  ['no table was found', run([]), []],
  ['nothing was planned', run([planned], { plannedAt: null }), [totals({ match: 2 })]],
  ['the run was cancelled', run([planned], { cancelRequested: true }), [totals({ match: 2 })]],
  ['only rows that changed were compared', changedOnly(run([planned])), [totals({ match: 2 })]],
  ['the totals are missing', run([planned]), []],
  ['a table has no shard', run([{ ...planned, shards: 0 }]), [totals({})]],
] as const)('%s: never consistent', (_name, differing, sums) => {
  expect(verdictOf(differing, sums)).toBe('inconclusive');
  expect(isComplete(differing, sums) && !differing.cancelRequested).toBe(false);
});

it('only inherited shards are told as the one reason when nothing else is missing', () => {
  const inheriting = { ...planned, inherited: { shards: 1, rows: 5, from: 1, to: 2 } };
  const all = [totals({ match: 2 })];
  expect(isMatchInPart(run([inheriting]), all)).toBe(true);
  expect(isMatchInPart(run([planned]), all)).toBe(false);
  expect(isMatchInPart(run([inheriting]), [totals({ match: 1, inconclusive: 1 })])).toBe(false);
  expect(isMatchInPart(run([inheriting, refused]), [...all, totals({})])).toBe(false);
});

it('that only rows that changed were compared is told when nothing else is missing, and from when on', () => {
  const whole = changedOnly(run([planned]));
  expect(isMatchInPart(whole, [totals({ match: 2 })])).toBe(true);
  expect(isMatchInPart(whole, [totals({ match: 1, inconclusive: 1 })])).toBe(false);
  const told = expect.stringMatching(/since 2026-11-27 10:00:00\.000 UTC.*deleted/s);
  expect(partFailure(whole)).toEqual({ code: 'CHANGED_ROWS_ONLY', message: told });
  expect(changedNotes(whole)).toEqual([{ code: 'CHANGED_ROWS_ONLY', message: told }]);
  expect(changedNotes(run([planned]))).toEqual([]);
});

it('one confirmed inconsistency is enough, also in a run that is not complete', () => {
  const sums = [totals({ differs: 1, inconclusive: 1 }, { neq: 1 })];
  expect(verdictOf(run([planned]), sums)).toBe('inconsistent');
  expect(isComplete(run([planned]), sums)).toBe(false);
});

it('a row that stayed unstable was not compared, so the run is not complete, even if its shard found differences', () => {
  const sums = [totals({ match: 1, differs: 1 }, { neq: 1 })];
  expect(isComplete(run([planned]), sums)).toBe(true);
  const unstable = [totals({ match: 1, differs: 1 }, { neq: 1, unstable: 1 })];
  expect(verdictOf(run([planned]), unstable)).toBe('inconsistent');
  expect(isComplete(run([planned]), unstable)).toBe(false);
});

it('a run that ends early is inconsistent with one confirmed difference, and never consistent', () => {
  expect(verdictOfEnded(totals({ match: 2 }))).toBe('inconclusive');
  expect(verdictOfEnded(totals({ match: 2 }, { baseMissing: 1 }))).toBe('inconsistent');
});

it.each<[Partial<TableTotals['shards']>, boolean]>([
  [{ match: 1, inconclusive: 1 }, true],
  [{ match: 3 }, true],
  [{ match: 1 }, false],
  [{ match: 1, running: 1 }, false],
  [{ match: 2, planned: 1 }, false],
  [{}, false],
])('of two shards, %j: all done as far as the sums tell: %s', (shards, isEnd) => {
  expect(isDrained({ shards: 2 }, totals(shards))).toBe(isEnd);
});

const recheck = {
  spec: runSpec.parse({
    ...{ version: 1, runId: 'r', source: 's', destination: 'd', direction: 'SRC', tables: [{ name: 't' }] },
    basedOn: { runId: 'base', only: ['known'] },
  }),
};
const keys = { ...planned, follows: { keyShards: 2, isWhole: true } };

it.each<[string, TableTotals, 'inconsistent' | 'inconclusive', boolean]>([
  ['all resolved', totals({ match: 2 }, { knownResolved: 5 }), 'inconclusive', true],
  [
    'one still there',
    totals({ match: 1, differs: 1 }, { knownResolved: 4, knownStill: 1 }),
    'inconsistent',
    false,
  ],
  ['one unstable', totals({ match: 1, inconclusive: 1 }, { knownUnstable: 1 }), 'inconclusive', false],
])(
  'a run of known differences alone, %s: never consistent and never complete',
  (_, sums, verdict, resolved) => {
    const rechecked = run([keys], recheck);
    expect(verdictOf(rechecked, [sums])).toBe(verdict);
    expect(areKnownResolved(rechecked, [sums])).toBe(resolved);
    expect(isComplete(rechecked, [sums])).toBe(false);
    expect(verdictOfEnded(sums)).toBe(verdict);
  },
);

it('a run that follows another one and compares all ranges is consistent when all known differences are resolved', () => {
  const sums = totals({ match: 2 }, { rowsBase: 9, rowsTarget: 9, knownResolved: 3 });
  expect(verdictOf(run([keys]), [sums])).toBe('consistent');
  expect(areKnownResolved(run([keys]), [sums])).toBe(false);
  const still = totals({ match: 1, differs: 1 }, { rowsBase: 9, knownStill: 1 });
  expect(verdictOf(run([keys]), [still])).toBe('inconsistent');
});
