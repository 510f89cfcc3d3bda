import type { GateAnswer, RunReport } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { answerOf } from './answer.ts';
import { countsOf, NOON, reportOf, tableOf } from './testing/report.ts';

const gate = (...messages: readonly string[]): GateAnswer => ({
  ...{ version: 1, runId: 'orders-1', direction: 'SRC', ready: messages.length === 0 },
  reasons: messages.map((message) => ({ code: 'TOO_OLD', message })),
  ...{ comparedFrom: null, comparedTo: null },
});
const differing = countsOf({ neq: 4, targetMissing: 2, baseMissing: 1 });
const seven: Partial<RunReport> = {
  ...{ verdict: 'inconsistent', counts: differing },
  tables: [tableOf('a', { counts: countsOf({ neq: 4 }) }), tableOf('b', { counts: countsOf({ neq: 3 }) })],
};
const answer = (changes: Partial<RunReport>, answered?: GateAnswer) =>
  answerOf(reportOf(changes), answered, NOON);

it('a consistent run whose gate is open is a yes, with its time', () => {
  const { mood, lead, sentence } = answer({}, gate());
  expect([mood, sentence]).toEqual(['good', 'Every row of all 2 tables is equal on both sides.']);
  expect(lead).toMatch(/^YES, as of \d\d:59\.$/);
});

it('a consistent run whose gate is closed is no yes', () => {
  const { mood, lead, sentence } = answer({}, gate('The first keys were compared too long ago.'));
  expect([mood, lead]).toEqual(['unknown', 'NOT YET.']);
  expect(sentence).toMatch(
    /^Every row .* is equal on both sides, as of .*, but: The first keys were compared too long ago\.$/,
  );
});

it('before its gate is known, a consistent run is no yes', () => {
  expect(answer({})).toMatchObject({ mood: 'open', lead: 'ONE MOMENT.' });
});

it('differences are a no, and what is equal is told', () => {
  expect(answer(seven)).toMatchObject({
    ...{ mood: 'bad', lead: 'NOT YET.' },
    sentence: '7 rows differ in 2 tables; everything else that was compared is equal.',
  });
});

it('what could not be compared is never told as equal', () => {
  const refusal = { code: 'TABLE_WITHOUT_KEY', message: 'no key' } as const;
  const tables = [...(seven.tables ?? []), tableOf('c', { refusal, outcome: 'inconclusive' })];
  expect(answer({ ...seven, tables, complete: false }).sentence).toBe(
    '7 rows differ in 2 tables; 1 table could not be compared; everything else that was compared is equal.',
  );
  expect(answer({ ...seven, complete: false }).sentence).toBe(
    '7 rows differ in 2 tables; not everything was compared.',
  );
});

it('differences that were known before and are still there are differences', () => {
  const still = countsOf({ knownStill: 2 });
  const changes = { ...seven, counts: still, tables: [tableOf('a', { counts: still })] };
  expect(answer(changes).sentence).toMatch(/^2 rows differ in 1 table;/);
});

it('without a proof the answer says what is missing, and of the run as a whole why', () => {
  const shards = { total: 3, planned: 0, running: 0, match: 0, differs: 0, inconclusive: 3 };
  const tables = [tableOf('a', { outcome: 'inconclusive', shards })];
  expect(answer({ verdict: 'inconclusive', tables })).toMatchObject({
    ...{ mood: 'unknown', lead: 'CANNOT SAY.', sentence: '3 shards have no proof.' },
  });
  const failures = [{ code: 'RUN_CANCELLED', message: 'The run was cancelled.' }] as const;
  expect(answer({ verdict: 'inconclusive', failures: [...failures] }).sentence).toBe(
    'The run was cancelled.',
  );
});

it.each([
  [{}, 'open', 'NOT KNOWN YET.', 'No row differs so far; the comparison goes on.'],
  [{ paused: true }, 'open', 'NOT KNOWN YET.', 'No row differs so far; the run is paused.'],
  [seven, 'bad', 'NOT YET.', 'Already 7 rows differ in 2 tables; the comparison goes on.'],
  [{ state: 'accepted' }, 'open', 'NOT KNOWN YET.', 'No row differs so far; the run is being planned.'],
] as const)('an open run says what is known already: %#', (changes, mood, lead, sentence) => {
  const open = { state: 'running', ...changes, verdict: null, settledAt: null } as Partial<RunReport>;
  expect(answer(open, gate())).toMatchObject({ mood, lead, sentence });
});

it('a verdict ages from its oldest comparison on', () => {
  const ageAfter = (hours: number) => answer({ comparedFrom: NOON - hours * 3_600_000 }, gate()).age;
  expect([0.9, 1.1, 23, 25].map(ageAfter)).toEqual(['fresh', 'aging', 'aging', 'old']);
});
