import type { RunReport } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { reportText } from './reportText.ts';

const counts = {
  rowsBase: 10,
  rowsTarget: 9,
  targetMissing: 1,
  neq: 0,
  baseMissing: 0,
  candidates: 1,
  converged: 0,
  knownStill: 0,
  knownNew: 0,
};
const zero = {
  ...counts,
  targetMissing: 0,
  candidates: 0,
  knownStill: 0,
  unstable: 0,
  planted: 3,
  caught: 3,
};
const server = { database: 'shop', host: 'db1', port: 3306, version: '8.4', uuid: null };
const EVIL = '<img src=x onerror=alert(1)>| `x`\n# head';

function report(changes: Partial<Record<keyof RunReport, unknown>> = {}): RunReport {
  const shards = { total: 2, planned: 0, running: 0, match: 2, differs: 0, inconclusive: 0 };
  return {
    ...{
      runId: 'orders-1',
      direction: 'SRC',
      state: 'settled',
      verdict: 'consistent',
      complete: true,
      percent: 100,
    },
    ...{
      counts: zero,
      shards,
      causes: [],
      causesBeyond: 0,
      failures: [],
      failuresTotal: 0,
      notes: [],
      unstable: [],
      inherited: null,
    },
    ...{ comparedFrom: 0, comparedTo: 60_000, createdAt: 0, settledAt: 61_000 },
    source: { connection: 'old', server },
    destination: { connection: 'new', server: null },
    spec: { tables: [{ pattern: '*' }], note: EVIL },
    tables: [
      { name: 'orders', outcome: 'match', counts: zero, refusal: null, schemaDifferences: [] },
      { name: EVIL, outcome: 'match', counts: zero, refusal: null, schemaDifferences: [] },
    ],
    ...changes,
  } as unknown as RunReport;
}

it.each([
  [
    'consistent',
    {},
    'Consistent: every row of 2 tables is equal on both sides. Compared from 1970-01-01 00:00:00 UTC',
  ],
  [
    'inconsistent',
    {
      verdict: 'inconsistent',
      counts: { ...zero, neq: 2 },
      tables: [
        {
          name: 'a',
          outcome: 'differs',
          counts: { ...zero, neq: 2 },
          refusal: null,
          shards: { inconclusive: 0 },
          schemaDifferences: [],
        },
      ],
    },
    'Inconsistent: 2 rows differ in 1 table; everything else that was compared is equal.',
  ],
  [
    'inconclusive',
    {
      verdict: 'inconclusive',
      failures: [{ code: 'CONNECTION_LOST', message: 'db1 was lost.' }],
      failuresTotal: 1,
    },
    'Inconclusive: db1 was lost.',
  ],
  [
    'open',
    { verdict: null, state: 'running', percent: 50 },
    'Not settled: the run is running, and 50.0 % of its shards are done',
  ],
])('a run that is %s: the answer is the first thing in each form', (_what, changes, answer) => {
  const html = reportText(report(changes), 'run.HTML');
  expect(html.indexOf(answer)).toBeGreaterThan(0);
  expect(html.indexOf(answer)).toBeLessThan(html.indexOf('<section>'));
  const markdown = reportText(report(changes), 'run.md').replaceAll('\\', '');
  expect(markdown.split('\n').slice(0, 3).join(' ')).toContain(answer);
});

it('names and messages of other people are never markup', () => {
  const html = reportText(report(), 'run.html');
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  const markdown = reportText(report(), 'run.md');
  expect(markdown).not.toMatch(/^# head/m);
  // An indented line is code, where nothing is markup.
  const outside = markdown.split('\n').filter((line) => !line.startsWith('    '));
  expect(outside.join('\n')).not.toMatch(/(?<!\\)<img/);
});

it('the page asks for nothing else', () => {
  const html = reportText(report(), 'run.html');
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/<(script|link|iframe)|src=["h]|url\(/);
});

it('any other suffix is JSON for programs', () => {
  for (const path of ['run.json', 'run', '-', 'md'])
    expect(JSON.parse(reportText(report(), path)).runId).toBe('orders-1');
});

it('of many tables those without a match come first, and the number of the others is told', () => {
  const tables = Array.from({ length: 300 }, (_, i) => ({
    ...{ name: `t${i}`, counts: zero, refusal: null, schemaDifferences: [] },
    outcome: i === 299 ? 'differs' : 'match',
  }));
  const markdown = reportText(report({ tables }), 'run.md');
  expect(markdown).toContain('299 match · 1 differ · 0 without a result');
  expect(markdown.indexOf('t299')).toBeLessThan(markdown.indexOf('t0 '));
  expect(markdown).toContain('And 100 more tables.');
});
