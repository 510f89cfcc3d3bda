import type { RunReport } from '@rowparity/contracts';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { sampleReport, sampleTable, sampleTables } from '../testing/sampleReport.ts';
import { unpainted } from './paint.ts';
import { type RunView, runPicture } from './runPicture.ts';

const OPEN = { state: 'running', verdict: null, settledAt: null } as const;

function picture(report: RunReport, view: Partial<RunView> = {}): string[] {
  const usual = { asked: undefined, screen: { columns: 100, rows: 24 }, paint: unpainted };
  return runPicture({ report, ...usual, ...view });
}

it('whatever the tables, their names and the screen: a picture is never larger than the screen', () => {
  const name = fc.constantFrom(
    '客户订单明细表',
    'é́́',
    'x'.repeat(64),
    'orders',
    '\x1b[2J\n',
    '👩‍👩‍👧',
    'ＡＢＣ',
  );
  const outcome = fc.constantFrom('match' as const, 'differs' as const, 'inconclusive' as const, null);
  const tables = fc.array(fc.record({ name, outcome, running: fc.integer({ min: 0, max: 1 }) }), {
    maxLength: 60,
  });
  const screen = fc.record({
    columns: fc.integer({ min: 40, max: 200 }),
    rows: fc.integer({ min: 3, max: 60 }),
  });
  const asked = fc.option(
    fc.record({
      step: fc.constantFrom('planning' as const, 'schemas' as const),
      done: fc.nat(300),
      total: fc.constant(300),
    }),
    { nil: undefined },
  );
  fc.assert(
    fc.property(tables, screen, asked, fc.integer({ min: 1, max: 60 }), (some, size, step, times) => {
      const all = Array.from({ length: times }, () => some).flat();
      const sampled = all.map((table) =>
        sampleTable(table.name, table.outcome, table.outcome ? 0 : table.running),
      );
      const report = sampleReport(sampled, { ...OPEN, pending: { rows: 12, candidates: 1e9 }, etaMs: 3e9 });
      const lines = picture(report, { screen: size, asked: step });
      expect(lines.length).toBeLessThan(size.rows);
      for (const line of lines) {
        expect(stringWidth(line)).toBeLessThanOrEqual(size.columns);
        expect(line).not.toMatch(/\p{Cc}/u);
      }
    }),
  );
});

it('each step tells how far it is', () => {
  const busy = sampleReport(sampleTables(4, 'match').concat(sampleTables(4, null, { running: 1 })), {
    ...OPEN,
    percent: 50,
  });
  const done = sampleReport(sampleTables(8, 'match'), OPEN);
  const planning = { step: 'planning', done: 120, total: 300 } as const;
  const schemas = { step: 'schemas', done: 3, total: 8 } as const;
  expect(picture(sampleReport([], OPEN), { asked: planning })[1]).toMatch(
    /^planning █+░+ {2}120 of 300 tables$/,
  );
  expect(picture(busy, { asked: { ...planning, done: 300 } })[1]).toMatch(/^comparing █+░+ {2}50.0 %/);
  expect(picture(done, { asked: schemas })[1]).toMatch(
    /^looking at the schemas again █+░+ {2}3 of 8 tables$/,
  );
  expect(picture({ ...busy, paused: true })[1]).toMatch(/^paused /);
});

it('a run that will not be consistent says so while it goes on', () => {
  const report = sampleReport([sampleTable('orders', 'differs'), sampleTable('items', 'inconclusive')], OPEN);
  expect(picture(report).slice(2, 4)).toEqual([
    '✗ 7 differ: this run will not be consistent',
    '? 1 shard has no result: this run will not be consistent',
  ]);
});

it('of 3,000 tables those in work and those that differ are shown, and the others are numbers', () => {
  const tables = [
    ...sampleTables(2000, 'match', { prefix: 'same' }),
    ...sampleTables(4, null, { prefix: 'busy', running: 1 }),
    ...sampleTables(30, 'differs', { prefix: 'other' }),
    ...sampleTables(966, null, { prefix: 'later' }),
  ];
  const lines = picture(sampleReport(tables, OPEN));
  const beginning = (prefix: string) => lines.filter((line) => line.startsWith(prefix)).length;
  expect([beginning('busy'), beginning('same'), beginning('later')]).toEqual([4, 0, 0]);
  expect(beginning('other')).toBeGreaterThan(10);
  const hidden = 30 - beginning('other');
  expect(lines.at(-1)).toBe(`and ${hidden} more; 2,000 of 3,000 tables match; 966 not begun`);
});

it('on a narrow screen what was found is the last thing to go', () => {
  const [, , , line] = picture(sampleReport([sampleTable('orders', 'differs')], OPEN), {
    screen: { columns: 40, rows: 24 },
  });
  expect(line).toBe('orders 100 %  7 differ  1,000 rows');
});
