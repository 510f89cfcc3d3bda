import { type MigrationGatePolicy, migrationDefinition } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { newMigration } from '../ledgering/stages.ts';
import { HOUR_MS, NOW, provenReport, zero } from '../testing/provenReport.ts';
import { type MigrationFacts, migrationGate, type SettledRun } from './migrationGate.ts';

const POLICY: MigrationGatePolicy = { maxAgeMs: 24 * HOUR_MS, quietRuns: 2, quietMs: 10 * HOUR_MS };
const CANCELLED = { code: 'RUN_CANCELLED', message: 'why' } as const;
const migration = {
  ...newMigration(
    'move',
    migrationDefinition.parse({
      ...{ version: 1, stage: 'src_first' },
      spec: { version: 1, source: 'a', destination: 'b', tables: [{ pattern: '*' }] },
    }),
    NOW - 100 * HOUR_MS,
  ),
  runs: 2,
};

/** A run that ended so many hours ago, an hour after its beginning. */
function settled(hoursAgo: number, change: Partial<SettledRun> = {}): SettledRun {
  const comparedTo = NOW - hoursAgo * HOUR_MS;
  return {
    ...{ runId: `move.${hoursAgo}`, verdict: 'consistent', failure: null, settledAt: comparedTo },
    ...{ comparedFrom: comparedTo - HOUR_MS, comparedTo },
    ...change,
  };
}

/** A migration that may go on, with changes. */
function facts(change: Partial<MigrationFacts> = {}): MigrationFacts {
  return {
    ...{ migration, underWay: undefined, changedTables: [], knownDifferences: undefined },
    ...{ last: provenReport({ runId: 'move.2' }), settled: [settled(0), settled(12)] },
    ...change,
  };
}

const gate = (change?: Partial<MigrationFacts>, policy: Partial<MigrationGatePolicy> = {}) =>
  migrationGate(facts(change), { ...POLICY, ...policy }, NOW);
const codesOf = (...args: Parameters<typeof gate>) => gate(...args).reasons.map(({ code }) => code);

it('a fresh full run of the stage behind a quiet time opens it, with what it is made of', () => {
  expect(gate()).toEqual({
    ...{ version: 1, migrationId: 'move', stage: 'src_first', direction: 'SRC', ready: true, reasons: [] },
    neighbours: ['src_only', 'dst_first'],
    lastRun: {
      ...{ runId: 'move.2', verdict: 'consistent', direction: 'SRC', settledAt: NOW, longestLagMs: null },
      ...{ comparedFrom: NOW - HOUR_MS, comparedTo: NOW - 1000, ageMs: HOUR_MS },
    },
    quiet: { runs: 2, since: NOW - 13 * HOUR_MS, forMs: 13 * HOUR_MS },
    knownDifferences: null,
  });
  expect(gate({ knownDifferences: 0 })).toMatchObject({ ready: true, knownDifferences: 0 });
});

it.each<[string, Partial<MigrationFacts>, Partial<MigrationGatePolicy>, string[]]>([
  ['no run has ended', { last: undefined, settled: [] }, {}, ['NO_RUN', 'NOT_QUIET']],
  ['a run is under way', { underWay: { runId: 'move.3', state: 'running' } }, {}, ['RUN_UNDER_WAY']],
  ['a run is ordered', { migration: { ...migration, ordered: 3 } }, {}, ['RUN_UNDER_WAY']],
  [
    'the last run is of an earlier stage',
    { migration: { ...migration, stageSince: NOW - HOUR_MS + 1 } },
    {},
    ['BEFORE_STAGE'],
  ],
  ['too few runs were quiet', { settled: [settled(0)] }, { quietMs: 0 }, ['NOT_QUIET']],
  ['they were quiet for too short a time', {}, { quietMs: 14 * HOUR_MS }, ['NOT_QUIET']],
  [
    'a difference was found in between',
    { settled: [settled(0), settled(3, { verdict: 'inconsistent' }), settled(12)] },
    {},
    ['NOT_QUIET'],
  ],
  [
    'a run that was cancelled found one',
    { settled: [settled(0), settled(3, { verdict: 'inconsistent', failure: CANCELLED }), settled(12)] },
    {},
    ['NOT_QUIET'],
  ],
  [
    'a run in between proved nothing',
    { settled: [settled(0), settled(3, { verdict: 'inconclusive' }), settled(12)] },
    {},
    ['NOT_QUIET'],
  ],
  [
    'a table has another schema than before',
    { changedTables: [{ name: 'orders', differences: ['source: column note was added'] }] },
    {},
    ['SCHEMA_CHANGED_SINCE'],
  ],
  ['differences are known', { knownDifferences: 3 }, {}, ['KNOWN_DIFFERENCES']],
  ['the run took the other side for right', { last: provenReport({ direction: 'DST' }) }, {}, ['DIRECTION']],
  ['the run is too old', {}, { maxAgeMs: HOUR_MS - 1 }, ['TOO_OLD']],
  [
    'rows came too late',
    { last: provenReport({ convergence: { measured: 9, medianMs: 1, p99Ms: 2, longestMs: 900 } }) },
    { maxLagMs: 899 },
    ['LAG'],
  ],
  [
    'the run found differences',
    {
      last: provenReport({ verdict: 'inconsistent', counts: { ...zero, rowsBase: 9, neq: 1 } }),
      settled: [settled(0, { verdict: 'inconsistent' }), settled(12)],
    },
    {},
    ['DIFFERENCES', 'NOT_QUIET'],
  ],
  [
    'rows were unstable',
    {
      last: provenReport({
        ...{ verdict: 'inconclusive', complete: false, counts: { ...zero, rowsBase: 9, unstable: 1 } },
      }),
      settled: [settled(0, { verdict: 'inconclusive' }), settled(12)],
    },
    {},
    ['UNSTABLE_ROWS', 'NOT_QUIET'],
  ],
])('it is closed when %s, for that reason', (_, change, policy, codes) => {
  expect(codesOf(change, policy)).toEqual(codes);
  expect(gate(change, policy).ready).toBe(false);
});

it('a run that was ended by a switch, without a difference, does not break the quiet', () => {
  const ended = settled(3, { verdict: 'inconclusive', failure: CANCELLED, comparedFrom: undefined });
  expect(gate({ settled: [settled(0), ended, settled(12)] })).toMatchObject({
    ready: true,
    quiet: { runs: 2, forMs: 13 * HOUR_MS },
  });
});

it('every reason is told at once, each in a sentence with its numbers', () => {
  const { reasons } = gate(
    {
      underWay: { runId: 'move.3', state: 'planning' },
      migration: { ...migration, stage: 'dst_first', stageSince: NOW - 1000 },
      last: provenReport({ runId: 'move.2' }),
      settled: [settled(0), settled(3, { verdict: 'inconclusive' })],
      changedTables: [{ name: 'orders', differences: ['source: column note was added'] }],
      knownDifferences: 1,
    },
    {},
  );
  expect(reasons.map(({ message }) => message)).toEqual([
    'The run has direction SRC, and DST is asked for.',
    'Run move.3 is under way (planning). Wait for its verdict.',
    'Run move.2 began at 2027-01-15T07:00:00.000Z, and the migration came to dst_first at 2027-01-15T07:59:59.000Z. Order a run in this stage.',
    'Quiet is 2 consistent runs over 10 h in a row without a difference; so far there is 1 consistent run over 60 min.',
    'Tables have changed since the full run before: orders (source: column note was added). Order one more run with the schema that is to stay.',
    '1 known difference is not resolved. Repair what differs, and have it looked at again.',
  ]);
});
