import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { queryProblems } from './queryProblems.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}

interface Dashboard {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

const FILE = join(import.meta.dirname, '..', '..', 'deploy', 'grafana', 'rowparity.json');
const DASHBOARD = JSON.parse(readFileSync(FILE, 'utf8')) as Dashboard;
/** Grafana 11's. */
const SCHEMA_VERSION = 39;
const GRID_COLUMNS = 24;

/** Grafana puts a duration there. */
function asked(query: string): string {
  return query.replaceAll('$__rate_interval', '5m');
}

test.each(DASHBOARD.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr])))(
  '%s: %s',
  (_, expr = '') => {
    expect(queryProblems(asked(expr))).toEqual([]);
    expect(expr).toContain('namespace=~"$namespace",job=~"$job"');
  },
);

test('the variables ask for metrics and labels that services have', () => {
  const queries = DASHBOARD.templating.list.flatMap(({ definition }) => definition ?? []);
  expect(queries).toHaveLength(3);
  for (const query of queries) {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
    expect(queryProblems(`sum by (${label}) (${selector})`), query).toEqual([]);
  }
});

test('the data source is a variable, and every other variable that a query names is there', () => {
  const names = DASHBOARD.templating.list.map(({ name }) => name);
  expect(DASHBOARD.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
  for (const { datasource, targets } of DASHBOARD.panels) {
    for (const { uid } of [datasource, ...targets.map((target) => target.datasource)]) {
      expect(uid).toBe(`\${${names[0]}}`);
    }
    const used = targets.flatMap(({ expr }) => [...asked(expr).matchAll(/\$(\w+)/g)].map(([, name]) => name));
    expect(names).toEqual(expect.arrayContaining(used));
  }
});

test('panels have ids of their own and lie beside each other, within the width', () => {
  const cells = DASHBOARD.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
    expect(x + w).toBeLessThanOrEqual(GRID_COLUMNS);
    return Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`);
  });
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(DASHBOARD.panels.map(({ id }) => id)).size).toBe(DASHBOARD.panels.length);
  expect(DASHBOARD.schemaVersion).toBe(SCHEMA_VERSION);
});

test.each([
  ['a metric that was renamed', 'rate(rowparity_rows_count[5m])', 'no service has rowparity_rows_count'],
  ['a label that it lacks', 'rowparity_rows_total{run="r"}', 'rowparity_rows_total has no label run'],
  [
    'a value that never is',
    'rowparity_queue_jobs{state="lost"}',
    'rowparity_queue_jobs: state is never lost',
  ],
  ['a group by a label that it lacks', 'sum by (run) (rowparity_rows_total)', 'none of its metrics has run'],
  [
    'a part of no histogram',
    'rate(rowparity_rows_total_bucket[5m])',
    'no service has rowparity_rows_total_bucket',
  ],
  ['no metric', 'vector(1)', 'it asks for no metric'],
])('%s is found', (_, query, problem) => {
  expect(queryProblems(query)).toEqual([problem]);
});

test('what is no PromQL is found', () => {
  expect(queryProblems('sum by (run (up) > 0')).not.toEqual([]);
});
