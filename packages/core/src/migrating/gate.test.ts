import type { FailureCode, RunReport } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { HOUR_MS, NOW, provenReport as report, tally, zero } from '../testing/provenReport.ts';
import { gateOf } from './gate.ts';

const POLICY = { maxAgeMs: 24 * HOUR_MS };

const codesOf = (changes: Partial<RunReport>, policy = POLICY) =>
  gateOf(report(changes), policy, NOW).reasons.map(({ code }) => code);

const failed = (code: FailureCode, place: { table?: string; shard?: number } = {}) => ({
  failures: [{ code, message: 'why', ...place }],
  failuresTotal: 1,
});

it('a fresh run that proves the same rows opens the gate, and says from when to when', () => {
  expect(gateOf(report(), POLICY, NOW)).toEqual({
    ...{ version: 1, runId: 'run-1', direction: 'SRC', ready: true, reasons: [] },
    ...{ comparedFrom: NOW - HOUR_MS, comparedTo: NOW - 1000 },
  });
});

it('a row that was known and is found again by a whole pass is one row', () => {
  const counts = { ...zero, rowsBase: 9, neq: 6, knownStill: 5, knownNew: 1 };
  const { reasons } = gateOf(report({ verdict: 'inconsistent', counts }), POLICY, NOW);
  expect(reasons[0]?.message).toMatch(/^6 rows differ/);
});

it.each<[string, Partial<RunReport>, string]>([
  ['is not settled', { state: 'running', verdict: null, percent: 43.2 }, 'RUN_OPEN'],
  [
    'found a difference',
    { verdict: 'inconsistent', counts: { ...zero, rowsBase: 1, neq: 1 } },
    'DIFFERENCES',
  ],
  [
    'left rows unstable',
    {
      verdict: 'inconclusive',
      complete: false,
      counts: { ...zero, rowsBase: 1, unstable: 3 },
      ...failed('UNSTABLE_ROWS', { table: 'orders', shard: 1 }),
    },
    'UNSTABLE_ROWS',
  ],
  [
    'refused a table',
    {
      ...{ verdict: 'inconclusive', complete: false, ...failed('TABLE_NOT_FOUND', { table: 'gone' }) },
      tables: [
        {
          name: 'gone',
          outcome: 'inconclusive',
          refusal: { code: 'TABLE_NOT_FOUND', message: 'why' },
          counts: zero,
          schemaDifferences: [],
          shards: tally,
          inherited: 0,
          known: { kept: 0, beyond: 0 },
        },
      ],
    },
    'TABLES_REFUSED',
  ],
  [
    'saw a table change',
    { verdict: 'inconclusive', complete: false, ...failed('SCHEMA_CHANGED', { table: 'orders' }) },
    'SCHEMA_CHANGED',
  ],
  [
    'lost a server',
    { verdict: 'inconclusive', complete: false, ...failed('CONNECTION_LOST', { table: 'orders', shard: 2 }) },
    'INCONCLUSIVE',
  ],
  ['has a verdict without a reason', { verdict: 'inconclusive', complete: false }, 'INCONCLUSIVE'],
  ['is consistent and not complete', { complete: false }, 'INCONCLUSIVE'],
  [
    'has more failures than a report names',
    { verdict: 'inconclusive', complete: false, failuresTotal: 7 },
    'INCONCLUSIVE',
  ],
  ['compared nothing', { counts: zero }, 'NOTHING_COMPARED'],
  ['is of yesterday', { comparedFrom: NOW - 25 * HOUR_MS }, 'TOO_OLD'],
])('a run that %s closes it, for that reason alone', (_, changes, code) => {
  expect(codesOf(changes)).toEqual([code]);
});

it('a lag and a direction close it where the policy asks for them', () => {
  const convergence = { measured: 9, medianMs: 500, p99Ms: 4000, longestMs: 16_000 };
  expect(codesOf({ convergence })).toEqual([]);
  expect(codesOf({ convergence }, { ...POLICY, maxLagMs: 16_000 } as typeof POLICY)).toEqual([]);
  expect(codesOf({ convergence }, { ...POLICY, maxLagMs: 15_999 } as typeof POLICY)).toEqual(['LAG']);
  expect(codesOf({}, { ...POLICY, direction: 'DST' } as typeof POLICY)).toEqual(['DIRECTION']);
});

it('every reason is told at once, each in a sentence with its numbers', () => {
  const { ready, reasons } = gateOf(
    report({
      ...{ verdict: 'inconsistent', complete: false, comparedFrom: NOW - 50 * HOUR_MS },
      counts: { ...zero, rowsBase: 5, neq: 2, targetMissing: 1, unstable: 4 },
      ...failed('CONNECTION_LOST', { table: 'orders', shard: 2 }),
    }),
    POLICY,
    NOW,
  );
  expect(ready).toBe(false);
  expect(reasons.map(({ message }) => message)).toEqual([
    '3 rows differ, in orders (3). Repair them, then order a new run.',
    '4 rows were still changing, in orders: nothing is known of that. Run again when less changes, or behind a fence.',
    'Parts of the run have no proof either way: CONNECTION_LOST (1).',
    'The first keys were compared at 2027-01-13T06:00:00.000Z, 50 h ago; at most 24 h are allowed. Order a new run.',
  ]);
});
