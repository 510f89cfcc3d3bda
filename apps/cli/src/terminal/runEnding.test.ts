import type { FailureCode, RunReport } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { sampleReport, sampleTable, sampleTables, ZERO_COUNTS } from '../testing/sampleReport.ts';
import { type Ending, runEnding } from './runEnding.ts';

function ending(report: RunReport, more: Partial<Ending> = {}): string[] {
  return runEnding({ report, ...more }).map((line) => line.trimStart());
}

it('the answer is the first line, and the commands that come next are the last ones', () => {
  const report = sampleReport([sampleTable('orders', 'differs'), sampleTable('items', 'match')]);
  const group = { table: 'orders', type: 'neq', column: 'paid', cause: { code: 'sign' }, rows: 7 } as const;
  const causes = [{ ...group, low: '3', high: '99', example: { id: '3' } }];
  const told = ending({ ...report, causes }, { next: ['rowparity diff f', 'rowparity repair f'] });
  expect(told[0]).toBe(
    '✗ Inconsistent: 7 rows differ in 1 table; everything else that was compared is equal.',
  );
  expect(told.slice(-6)).toEqual([
    'Causes',
    'orders.paid: 7 rows differ: the sign (id 3 to 99, e.g. 3)',
    '',
    'Next',
    'rowparity diff f',
    'rowparity repair f',
  ]);
  expect(told).toContain('orders  1,000 rows  differs  7 differ');
  const equal = ending(sampleReport([sampleTable('items', 'match')], { verdict: 'consistent' }));
  expect(equal[0]).toBe('✓ Consistent: every row of 1 table is equal on both sides.');
  expect(equal).not.toContain('Next');
});

it('a row counts once, though it is read on both sides', () => {
  const report = sampleReport([sampleTable('items', 'match')], { rowsPerSecond: 500, elapsedMs: 4000 });
  expect(ending(report)[1]).toContain('1 of 1 shard, 1,000 rows on the source, 250 rows/s, 4.0 s');
  expect(ending({ ...report, direction: 'DST' })[1]).toContain('1,000 rows on the destination');
});

it('a few tables have a line each, also those that match', () => {
  const tables = [
    ...sampleTables(18, 'match', { prefix: 'same' }),
    ...sampleTables(2, 'differs', { prefix: 'other' }),
  ];
  const told = ending(sampleReport(tables));
  expect(told.filter((line) => /^(same|other)/.test(line))).toHaveLength(20);
  expect(told.join()).not.toContain('tables match');
});

it('of 300 tables those that differ are shown, and the others are a number', () => {
  const tables = [
    ...sampleTables(294, 'match', { prefix: 'same' }),
    ...sampleTables(6, 'differs', { prefix: 'other' }),
  ];
  const told = ending(sampleReport(tables));
  expect(told.filter((line) => line.startsWith('other'))).toHaveLength(6);
  expect(told.filter((line) => line.startsWith('same'))).toEqual([]);
  expect(told).toContain('294 of 300 tables match, with 294,000 rows');
  expect(told.length).toBeLessThan(24);
});

it('of 3,000 tables that all differ the first ones are shown, and how many more there are', () => {
  const told = ending(sampleReport(sampleTables(3000, 'differs')));
  expect(told).toContain('and 2,950 more tables of these');
  expect(told.length).toBeLessThan(70);
});

it('of an open run of many tables, those in work are shown and those that are left are counted', () => {
  const tables = [
    ...sampleTables(100, 'match', { prefix: 'same' }),
    ...sampleTables(4, null, { prefix: 'busy', running: 1 }),
    ...sampleTables(196, null, { prefix: 'later' }),
  ];
  const told = ending(sampleReport(tables, { state: 'running', verdict: null }));
  expect(told.filter((line) => line.startsWith('busy'))).toHaveLength(4);
  expect(told).toContain('100 of 300 tables match, with 100,000 rows; 196 not begun');
});

it('failures of one code are told once: how often, where, and what to do', () => {
  const failures = (code: FailureCode, total: number) =>
    Array.from({ length: total }, (_, shard) => ({ code, message: `why ${shard}`, table: 'orders', shard }));
  const both = [...failures('CONNECTION_LOST', 12), ...failures('UNSTABLE_ROWS', 1)];
  const report = sampleReport([sampleTable('orders', 'inconclusive')], { failures: both, failuresTotal: 40 });
  const told = ending(report);
  const named = [0, 1, 2, 3, 4].map((shard) => `orders shard ${shard}`).join(', ');
  const from = told.indexOf('Failures');
  expect(told.slice(from + 1, from + 4)).toEqual([
    `! CONNECTION_LOST (12 times; ${named} and 7 more): why 0`,
    '! UNSTABLE_ROWS orders shard 0: why 0',
    '! and 27 more that are not named here',
  ]);
});

it('of a run that follows another one it says what became of the known differences', () => {
  const counts = { ...ZERO_COUNTS, knownResolved: 1200, knownStill: 2, knownNew: 3 };
  expect(ending(sampleReport([sampleTable('orders', 'differs')], { follows: 'base', counts }))).toContain(
    'known differences of run base: 1,200 resolved, 2 still different, 3 new',
  );
  const hidden = { ...ZERO_COUNTS, knownUnstable: 4, knownHidden: 5 };
  expect(ending(sampleReport([sampleTable('orders', null)], { follows: 'base', counts: hidden }))).toContain(
    'known differences of run base: 0 resolved, 0 still different, 4 unstable, 5 that cannot be told',
  );
  expect(ending(sampleReport([sampleTable('orders', 'match')])).join()).not.toContain('known differences');
});

it('no name and no message breaks a line or moves the cursor', () => {
  const failures = [{ code: 'INTERNAL' as const, message: 'a\nb\x1b[2J', table: 'x\ry' }];
  const report = sampleReport([sampleTable('evil\n\x1b[2J', 'differs')], { failures, failuresTotal: 1 });
  for (const line of ending(report)) expect(line).not.toMatch(/\p{Cc}/u);
});
