import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { runReport, verdict } from '@rowparity/contracts';
import { createMetrics } from '@rowparity/runtime';
import { beforeEach, expect, test } from 'vitest';
import { manifestsOf, needs, ROOT } from './chart.ts';
import { ofKind, type PrometheusRule } from './manifests.ts';

beforeEach(needs('helm'));

async function alerts() {
  const rules = ofKind<PrometheusRule>('PrometheusRule', await manifestsOf('everything'));
  return rules.flatMap(({ spec }) => spec.groups).flatMap((group) => group.rules);
}

test('every expression is PromQL', async () => {
  for (const { alert, expr } of await alerts()) expect(errorsOf(expr), alert).toEqual([]);
  expect(errorsOf('sum by (run (up) > 0')).not.toEqual([]);
});

test('every metric is one that the services have, with labels and values that it has', async () => {
  for (const { alert, expr } of await alerts()) {
    const selectors = [...expr.matchAll(/([a-z_]\w+)\{([^}]*)\}/g)];
    expect(selectors.length, alert).toBeGreaterThan(0);
    for (const [, metric = '', matchers = ''] of selectors) {
      expect(OWN.has(metric) || OF_EVERY_PROCESS.has(metric) || metric === 'up', metric).toBe(true);
      for (const [, label = '', value = ''] of matchers.matchAll(/(\w+)=~?"([^"]*)"/g)) {
        if (OF_PROMETHEUS.includes(label)) continue;
        expect(OWN.get(metric), `${metric}: ${label}`).toContain(`'${label}'`);
        expect(VALUES[label], label).toContain(value);
      }
    }
  }
});

test('every alert has its section in the documentation, and no other has one', async () => {
  const page = readFileSync(join(ROOT, 'docs', 'kubernetes.md'), 'utf8');
  const described = [...page.matchAll(/^\| `(Rowparity\w+)`/gm)].map(([, name]) => name);
  expect(described).toEqual((await alerts()).map(({ alert }) => alert));
});

/** What a ServiceMonitor adds to every series. */
const OF_PROMETHEUS: readonly string[] = ['namespace', 'service', 'pod'];
const VALUES: Readonly<Record<string, readonly string[]>> = {
  state: Object.keys(runReport.shape.shards.shape),
  verdict: verdict.options,
};
const OF_EVERY_PROCESS = new Set(
  createMetrics('any')
    .getMetricsAsArray()
    .map(({ name }) => name),
);
/** Each metric of the services, with the statement that makes it: its labels are named there. */
const OWN = new Map(
  globSync('apps/*/src/*Metrics.ts', { cwd: ROOT })
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/'(rowparity_\w+)'[^;]*;/g)])
    .map(([statement, name = '']) => [name, statement]),
);

function errorsOf(expression: string): string[] {
  const errors: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) errors.push(`${from}: ${expression.slice(from, to)}`);
    },
  });
  return errors;
}
