import { type FailureCode, type RunReport, reportedCounts, runSpec } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { reportLines } from './reportLines.ts';

const zero = Object.fromEntries(
  Object.keys(reportedCounts.shape).map((name) => [name, 0]),
) as RunReport['counts'];
const spec = runSpec.parse({
  version: 1,
  ...{ runId: 'many', source: 'a', destination: 'b', direction: 'SRC', tables: [{ pattern: '*' }] },
});

type Table = RunReport['tables'][number];

function table(name: string, outcome: Table['outcome'], running = 0): Table {
  const shards = { total: 1, planned: 0, running, match: 0, differs: 0, inconclusive: 0 };
  const counts = { ...zero, rowsBase: 1000, rowsTarget: 1000, neq: outcome === 'differs' ? 7 : 0 };
  return { name, outcome, refusal: null, counts, shards, inherited: 0, known: { kept: 0, beyond: 0 } };
}

function report(tables: readonly Table[], changes: Partial<RunReport> = {}): RunReport {
  return {
    ...{
      version: 2,
      runId: 'many',
      generation: 1,
      direction: 'SRC',
      state: 'settled',
      verdict: 'inconsistent',
      spec,
    },
    ...{ source: { connection: 'a', server: null }, destination: { connection: 'b', server: null } },
    ...{
      complete: true,
      percent: 100,
      elapsedMs: 1000,
      rowsPerSecond: 1,
      etaMs: 0,
      counts: zero,
      convergence: null,
    },
    ...{
      pending: { rows: 0, candidates: 0 },
      shards: table('', null).shards,
      tables,
      failures: [],
      failuresTotal: 0,
    },
    ...{
      paused: false,
      follows: null,
      inherited: null,
      notes: [],
      unstable: [],
      pauses: [],
      comparedFrom: 1,
      comparedTo: 2,
      createdAt: 1,
      plannedAt: 1,
      settledAt: 2,
    },
    ...changes,
  } as RunReport;
}

const named = (count: number, outcome: Table['outcome'], prefix: string, running = 0) =>
  Array.from({ length: count }, (_, i) => table(`${prefix}${i}`, outcome, running));

it('a few tables have a line each, also those that match', () => {
  const lines = reportLines(report([...named(18, 'match', 'same'), ...named(2, 'differs', 'other')]));
  expect(lines.filter((line) => line.includes('█') || line.includes('░'))).toHaveLength(20);
  expect(lines.join()).not.toContain('tables match');
});

it('of 300 tables those that differ are shown, and the others are a number', () => {
  const lines = reportLines(report([...named(294, 'match', 'same'), ...named(6, 'differs', 'other')]));
  expect(lines.filter((line) => line.startsWith('other'))).toHaveLength(6);
  expect(lines.filter((line) => line.startsWith('same'))).toEqual([]);
  expect(lines).toContain('294 of 300 tables match, with 294,000 rows');
  expect(lines.length).toBeLessThan(24);
});

it('of 3,000 tables that all differ the first ones are shown, and how many more there are', () => {
  const lines = reportLines(report(named(3000, 'differs', 'other')));
  expect(lines).toContain('and 2,980 more tables that differ or have no proof');
  expect(lines.length).toBeLessThan(40);
});

it('while a run of many tables goes on, those in work are shown and those that are left are counted', () => {
  const tables = [...named(100, 'match', 'same'), ...named(4, null, 'busy', 1), ...named(196, null, 'later')];
  const lines = reportLines(report(tables, { state: 'running', verdict: null }));
  expect(lines.filter((line) => line.startsWith('busy'))).toHaveLength(4);
  expect(lines).toContain('100 of 300 tables match, with 100,000 rows; 196 are left');
});

it('of many failures of one code a few are shown, and how many more there are', () => {
  const failures = (code: FailureCode, count: number) =>
    Array.from({ length: count }, (_, shard) => ({ code, message: `why ${shard}`, table: 'orders', shard }));
  const both = [...failures('CONNECTION_LOST', 12), ...failures('UNSTABLE_ROWS', 1)];
  const lines = reportLines(report([table('orders', 'inconclusive')], { failures: both, failuresTotal: 40 }));
  expect(lines.filter((line) => line.startsWith('!'))).toEqual([
    '! CONNECTION_LOST orders shard 0: why 0',
    '! CONNECTION_LOST orders shard 1: why 1',
    '! CONNECTION_LOST orders shard 2: why 2',
    '! and 9 more CONNECTION_LOST',
    '! UNSTABLE_ROWS orders shard 0: why 0',
    '! and 27 more',
  ]);
});

it('of a run that follows another one it says what became of the known differences', () => {
  const counts = { ...zero, knownResolved: 1200, knownStill: 2, knownNew: 3 };
  expect(reportLines(report([table('orders', 'differs')], { follows: 'base', counts }))).toContain(
    'known differences of run base: 1,200 resolved, 2 still different, 3 new',
  );
  const hidden = { ...zero, knownUnstable: 4, knownHidden: 5 };
  expect(reportLines(report([table('orders', null)], { follows: 'base', counts: hidden }))).toContain(
    'known differences of run base: 0 resolved, 0 still different, 4 unstable, 5 that cannot be told',
  );
  expect(reportLines(report([table('orders', 'match')])).join()).not.toContain('known differences');
});
