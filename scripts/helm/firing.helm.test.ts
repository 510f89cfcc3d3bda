import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { stringify } from 'yaml';
import { ALERT_CASES, type SeriesSet } from './alertCases.ts';
import { manifestsOf, needs } from './chart.ts';
import { ofKind, type PrometheusRule } from './manifests.ts';

beforeEach(needs('helm', 'promtool'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowparity-alerts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function groups() {
  const rules = ofKind<PrometheusRule>('PrometheusRule', await manifestsOf('everything'));
  return rules.flatMap(({ spec }) => spec.groups);
}

interface Looked {
  readonly alert: string;
  readonly at: string;
  readonly series: SeriesSet;
}

/** What promtool says against the rules under these series; undefined when the alert stands as expected. */
async function failureOf(expected: 'fires' | 'silent', { alert, at, series }: Looked) {
  await writeFile(join(folder, 'rules.yaml'), stringify({ groups: await groups() }));
  const cases = join(folder, 'cases.yaml');
  const samples = expected === 'fires' ? [{ labels: '{}', value: 1 }] : [];
  await writeFile(
    cases,
    stringify({
      rule_files: ['rules.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: [
            {
              expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
              eval_time: at,
              exp_samples: samples,
            },
          ],
        },
      ],
    }),
  );
  return promtool('test', 'rules', cases);
}

async function promtool(...args: readonly string[]): Promise<string | undefined> {
  const provided = inject('promtool');
  if ('missing' in provided) throw new Error(provided.missing);
  return promisify(execFile)(provided.found, [...args]).then(
    () => undefined,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
  );
}

test('Prometheus takes the rules, with the texts of their annotations', async () => {
  const rules = join(folder, 'rules.yaml');
  await writeFile(rules, stringify({ groups: await groups() }));
  expect(await promtool('check', 'rules', '--lint=all', '--lint-fatal', rules)).toBeUndefined();
});

test('every alert has a case', async () => {
  const alerts = (await groups()).flatMap(({ rules }) => rules.map(({ alert }) => alert));
  expect(ALERT_CASES.map(({ alert }) => alert)).toEqual(alerts);
});

test.each(ALERT_CASES)('$alert fires', async ({ alert, at, fires }) => {
  expect(await failureOf('fires', { alert, at, series: fires })).toBeUndefined();
  // The same series are no silence: else nothing is evaluated.
  expect(await failureOf('silent', { alert, at, series: fires })).toContain('FAILED');
});

test.each(
  ALERT_CASES.flatMap(({ alert, at, silent }) =>
    Object.entries(silent).map(([why, series]) => ({ alert, at, why, series })),
  ),
)('$alert is silent: $why', async (looked) => {
  expect(await failureOf('silent', looked)).toBeUndefined();
});
