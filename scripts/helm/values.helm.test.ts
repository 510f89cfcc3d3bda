import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CHART, manifestsWith, needs, ROOT, refusalOf } from './chart.ts';

/** Each is one `--set-json` on top of values that are complete, and words that helm's answer must have. */
const REFUSED: readonly (readonly [settings: string | readonly string[], ...words: string[]])[] = [
  ['image.tag="latest"', '/image/tag'],
  ['image.registry=""', '/image/registry'],
  ['image.registry=null', 'registry'],
  ['worker.image.digest="sha256:12"', '/worker', 'image'],
  ['image.repository="rowparity:latest"', '/image/repository'],
  ['image.digest="sha256:12"', '/image/digest'],
  ['replicas=3', "'replicas'"],
  ['worker.replica=3', '/worker', 'replica'],
  ['kafka.brokers=[]', '/kafka/brokers'],
  ['kafka.brokers=["kafka.example.com"]', '/kafka/brokers/0'],
  ['kafka.tls.mode="on"', '/kafka/tls/mode'],
  ['kafka.sasl.mechanism="gssapi"', '/kafka/sasl/mechanism'],
  ['kafka.client="librdkafka"', '/kafka/client'],
  ['worker.concurrency=65', '/worker/concurrency'],
  ['worker.concurrency="4"', '/worker/concurrency'],
  ['worker.resources.limits=null', '/worker/resources', 'limits'],
  ['worker.resources.limits.memory=null', '/worker/resources/limits', 'memory'],
  ['worker.terminationGracePeriodSeconds=30', '/worker/terminationGracePeriodSeconds'],
  ['coordinator.terminationGracePeriodSeconds=10', '/coordinator/terminationGracePeriodSeconds'],
  ['coordinator.replicas=0', '/coordinator/replicas'],
  ['coordinator.port=80', '/coordinator/port'],
  ['coordinator.logLevel="trace"', '/coordinator/logLevel'],
  ['worker.pdb.maxUnavailable=0', '/worker/pdb/maxUnavailable'],
  ['worker.extraConfig={"ROWPARITY_KAFKA_PASSWORD":"x"}', '/worker/extraConfig', 'ROWPARITY_KAFKA_PASSWORD'],
  ['worker.extraConfig={"ROWPARITY_CONNECTION_A":"x"}', '/worker/extraConfig', 'ROWPARITY_CONNECTION_A'],
  ['worker.extraConfig={"ROWPARITY_NEW":"mysql://a:b@c/d"}', '/worker/extraConfig/ROWPARITY_NEW'],
  ['worker.extraConfig={"NODE_OPTIONS":"x"}', '/worker/extraConfig', 'NODE_OPTIONS'],
  ['mysql.connections={"source":null,"destination":null}', '/mysql/connections'],
  ['mysql.connections={"a_file":{"key":"a"}}', '/mysql/connections', 'a_file'],
  ['mysql.connections={"a":{"key":"a","url":"mysql://a:b@c/d"}}', '/mysql/connections/a', 'url'],
  ['tracing.endpoint="collector:4318"', '/tracing/endpoint'],
  ['tracing.endpoint="https://user:word@collector:4318"', '/tracing/endpoint'],
  ['networkPolicy.egress.redis.cidrs=["everywhere"]', '/networkPolicy/egress/redis/cidrs/0'],
  ['prometheusRule.stalledFor="soon"', '/prometheusRule/stalledFor'],
  [['worker.hpa.enabled=true', 'worker.keda.enabled=true'], 'worker.hpa.enabled and worker.keda.enabled'],
  [
    ['worker.hpa.enabled=true', 'worker.hpa.minReplicas=9'],
    'worker.hpa.minReplicas',
    'worker.hpa.maxReplicas',
  ],
  [['worker.hpa.enabled=true', 'worker.hpa.cpuPercent=0'], 'worker.hpa', 'cpuPercent'],
  [['worker.keda.enabled=true', 'worker.keda.minReplicas=9'], 'worker.keda.minReplicas'],
  ['secrets.name=""', 'redis.url.secret', 'secrets.name'],
  [
    'secrets.create.enabled=true',
    'secrets.name and secrets.create.enabled',
    'secrets.create.redisUrl',
    'secrets.create.connections.source',
  ],
  ['secrets.create.httpToken="short"', '/secrets/create/httpToken'],
  ['kafka.sasl.mechanism="plain"', 'kafka.sasl.username'],
  ['kafka.tls.caKey="ca.crt"', 'kafka.tls.mode'],
  ['redis.tls.certKey="tls.crt"', 'redis.tls', 'keyKey'],
  ['kafka.brokers=["kafka:9093"]', 'networkPolicy.egress.kafka.ports', '9093'],
];

describe('helm', () => {
  beforeEach(needs('helm'));

  test.each(REFUSED)('%s is refused, by name', async (settings, ...words) => {
    const refusal = await refusalOf(...[settings].flat());
    for (const word of words) expect(refusal).toContain(word);
  });

  test('values that a chart around this one adds are borne', async () => {
    expect(await refusalOf('global={"imageRegistry":"registry.example.com"}')).toBeUndefined();
  });

  test('the ends of what is allowed are allowed', async () => {
    const settings = [
      'worker.concurrency=64',
      'worker.replicas=0',
      'worker.terminationGracePeriodSeconds=40',
    ];
    expect((await manifestsWith(...settings)).length).toBeGreaterThan(10);
  });
});

test('every value has its line in the schema, and every line its description', () => {
  const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as Schema;
  const values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as unknown;
  expect(strangers(values, schema, schema)).toEqual([]);
  expect(undescribed(schema)).toEqual([]);
});

test('the images of the chart are those of this version', () => {
  const chart = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as { readonly appVersion: string };
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(chart.appVersion).toBe(version);
});

interface Schema {
  readonly type?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

/** Values that the schema does not name, and objects that it leaves open. */
function strangers(value: unknown, schema: Schema, root: Schema, path = ''): string[] {
  if (!schema.properties || typeof value !== 'object' || value === null) return [];
  const open = schema.additionalProperties === false ? [] : [`${path} is open`];
  const inner = Object.entries(value).flatMap(([name, part]) => {
    const known = schema.properties?.[name];
    return known ? strangers(part, known, root, `${path}/${name}`) : [`${path}/${name}`];
  });
  return [...open, ...inner];
}

function undescribed(schema: Schema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => [
    ...(part.description ? [] : [`${path}/${name}`]),
    ...undescribed(part, `${path}/${name}`),
  ]);
}
