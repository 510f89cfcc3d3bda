import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionUrl } from '@rowparity/mysql';
import { kafkaSecurityOf, type OptionTable, readSettings, redisSecurityOf } from '@rowparity/runtime';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { OPTIONS as COORDINATOR } from '../../apps/coordinator/src/options.ts';
import { OPTIONS as REPORTER } from '../../apps/reporter/src/options.ts';
import { OPTIONS as WORKER } from '../../apps/worker/src/options.ts';
import { manifestsOf, needs, VALUE_SETS } from './chart.ts';
import { type Deployment, ofKind, serviceOf } from './manifests.ts';

const MOUNTED = '/etc/rowparity/secrets';
/** What stands for the content of a mounted file; the names are the chart's. */
const CONTENTS: readonly (readonly [name: RegExp, text: string])[] = [
  [/^redis-url$/, 'rediss://:password@redis.example.com:6379'],
  [/^connection-\w+$/, 'mysql://user:password@db.example.com:3306/shop'],
  [/^kafka-password$/, 'password'],
  [/^webhooks$/, '{"ops": {"url": "https://ops.example.com", "secret": "0123456789abcdef01234567"}}'],
  [/^http-token$/, '0123456789abcdef'],
  [/^metrics-token$/, 'fedcba9876543210'],
  [/\.(crt|key)$/, '-----BEGIN CERTIFICATE-----\n'],
];

const folder = mkdtempSync(join(tmpdir(), 'rowparity-chart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(needs('helm'));

test.each(VALUE_SETS)(
  '%s: every service takes the settings and the files that it is given',
  async (valueSet) => {
    const worker = readSettings(
      { options: WORKER, connections: connectionUrl },
      await toldTo('worker', valueSet),
    );
    const coordinator = readSettings(
      { options: COORDINATOR, connections: connectionUrl },
      await toldTo('coordinator', valueSet),
    );
    const reporter = readSettings({ options: REPORTER }, await toldTo('reporter', valueSet));
    expect([...worker.connections.keys()]).toEqual([...coordinator.connections.keys()]);
    expect(coordinator.config.httpToken).toBe(reporter.config.httpToken);
    for (const { config } of [worker, coordinator, reporter]) {
      expect(config.httpHost).toBe('0.0.0.0');
      const { tls } = redisSecurityOf(config);
      expect(Object.keys(tls ?? {})).toHaveLength(hasTls(valueSet) ? 3 : 0);
    }
    const { httpToken, metricsToken } = worker.config;
    const isGuarded = coordinator.config.httpToken !== undefined;
    expect(httpToken !== undefined || metricsToken !== undefined).toBe(isGuarded);
    expect(worker.config.eventTopics).toEqual(coordinator.config.eventTopics);
    const { tls, sasl } = kafkaSecurityOf(worker.config);
    expect(Object.keys(tls ?? {})).toHaveLength(hasTls(valueSet) ? 3 : 0);
    expect(worker.config.kafkaClient).toBe(valueSet === 'everything' ? 'platformatic' : 'kafkajs');
    expect(sasl !== undefined).toBe(['everything', 'secrets', 'trial'].includes(valueSet));
  },
);

test.each([
  ['coordinator', COORDINATOR],
  ['worker', WORKER],
  ['reporter', REPORTER],
] as const)(
  'the chart has a value for every option of the %s, and gives it no other',
  async (service, options) => {
    const { env } = await toldTo(service, 'everything');
    const known = Object.values(options as OptionTable).map((option) => option.env);
    const given = Object.keys(env)
      .map((name) => (known.includes(name) ? name : name.replace(/_FILE$/, '')))
      .filter((name) => !/^(?:ROWPARITY_CONNECTION_|ROWPARITY_REPORTER$|OTEL_)/.test(name));
    // The workers' metrics have a token of their own here, so that of /v1 stays away from them.
    const isKept = (name: string) => service !== 'worker' || name !== 'ROWPARITY_HTTP_TOKEN';
    expect(given.sort()).toEqual(known.filter(isKept).sort());
  },
);

test('coordinator and workers are told of the collector, where there is one', async () => {
  for (const service of ['coordinator', 'worker']) {
    expect((await toldTo(service, 'everything')).env).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.monitoring:4318',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    });
    expect(Object.keys((await toldTo(service, 'tls')).env).join()).not.toContain('OTEL_');
  }
});

function hasTls(valueSet: string): boolean {
  return ['everything', 'tls'].includes(valueSet);
}

/** The environment that a pod of the service would have, with the mounted files in a folder of ours. */
async function toldTo(service: string, valueSet: string) {
  const manifests = await manifestsOf(valueSet);
  const ours = <T>(all: readonly T[]): T => all.find((one) => serviceOf(one as Deployment) === service) as T;
  const { spec } = ours(ofKind<Deployment>('Deployment', manifests));
  for (const { secret } of spec.template.spec.volumes.flatMap(({ projected }) => projected?.sources ?? [])) {
    for (const { path } of secret.items) writeFileSync(join(folder, path), contentOf(path));
  }
  const settings = Object.entries(ours(ofKind('ConfigMap', manifests)).data ?? {});
  const env = Object.fromEntries(settings.map(([name, value]) => [name, value.replace(MOUNTED, folder)]));
  return { env, args: [] };
}

function contentOf(path: string): string {
  const [, text] = CONTENTS.find(([name]) => name.test(path)) ?? [];
  if (text === undefined) throw new Error(`${path}: what is in this file?`);
  return text;
}
