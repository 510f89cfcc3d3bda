import { changeOf, type RunReport } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { changedReport } from './changedReport.ts';
import { countsOf, reportOf, tableOf } from './testing/report.ts';

const sent = (before: RunReport, after: RunReport) => JSON.parse(JSON.stringify(changeOf(before, after)));

it('a report with its change is the report after it, and tables that did not change are the same objects', () => {
  const before = reportOf({ state: 'running', verdict: null, settledAt: null });
  const tables = [tableOf('customers'), tableOf('orders', { counts: countsOf({ neq: 1 }) })];
  const after = reportOf({ counts: countsOf({ neq: 1 }), tables, convergence: null });
  const change = sent(before, after);
  expect(change.tables.map(([place]: [number]) => place)).toEqual([1]);
  const changed = changedReport(before, change);
  expect(changed).toEqual(after);
  expect(changed.tables[0]).toBe(before.tables[0]);
});

it('where nothing changed there is no change, and one that becomes null is told', () => {
  const before = reportOf({ etaMs: 5 });
  expect(changeOf(before, reportOf({ etaMs: 5 }))).toBeNull();
  expect(changedReport(before, sent(before, reportOf({ etaMs: null }))).etaMs).toBeNull();
});
