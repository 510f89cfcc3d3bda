import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { queryProblems } from '../metrics/queryProblems.ts';
import { manifestsOf, needs, ROOT } from './chart.ts';
import { ofKind, type PrometheusRule } from './manifests.ts';

beforeEach(needs('helm'));

async function alerts() {
  const rules = ofKind<PrometheusRule>('PrometheusRule', await manifestsOf('everything'));
  return rules.flatMap(({ spec }) => spec.groups).flatMap((group) => group.rules);
}

test('every expression asks for metrics, labels and values that the services have', async () => {
  for (const { alert, expr } of await alerts()) expect(queryProblems(expr), alert).toEqual([]);
});

test('every alert has its section in the documentation, and no other has one', async () => {
  const page = readFileSync(join(ROOT, 'docs', 'kubernetes.md'), 'utf8');
  const described = [...page.matchAll(/^\| `(Rowparity\w+)`/gm)].map(([, name]) => name);
  expect(described).toEqual((await alerts()).map(({ alert }) => alert));
});
