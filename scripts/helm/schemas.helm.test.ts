import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { CHART, lint, manifestsOf, needs, VALUE_SETS } from './chart.ts';
import { type Manifest, ofKind, type ScaledObject, type TriggerAuthentication } from './manifests.ts';
import { KUBERNETES_VERSIONS } from './tools/schemaFiles.ts';
import { createValidator, type Validator } from './validator.ts';

describe.each(KUBERNETES_VERSIONS)('against the schemas of Kubernetes %s, KEDA and Prometheus', (version) => {
  let validate: Validator;
  beforeAll(() => {
    const schemas = inject('schemas');
    if ('found' in schemas) validate = createValidator(schemas.found, `kubernetes-${version}`);
  });
  beforeEach(needs('helm', 'schemas'));

  test.each(VALUE_SETS)('%s: every object is valid', async (valueSet) => {
    const manifests = await manifestsOf(valueSet);
    expect(manifests.length).toBeGreaterThan(10);
    expect(manifests.flatMap(validate)).toEqual([]);
  });

  test('the validator sees a wrong type, a field that is not there, one that is missing, an unknown kind', async () => {
    const manifests = await manifestsOf('everything');
    const broken = (kind: string, change: (spec: Record<string, unknown>) => void) => {
      const [manifest] = structuredClone(ofKind(kind, manifests));
      change(manifest?.spec as Record<string, unknown>);
      return validate(manifest as Manifest).join('\n');
    };
    expect(broken('Deployment', (spec) => Object.assign(spec, { replicas: 'two' }))).toContain(
      '/spec/replicas',
    );
    expect(broken('Deployment', (spec) => Object.assign(spec, { replica: 2 }))).toContain('"replica"');
    expect(broken('Deployment', (spec) => delete spec.selector)).toContain('"selector"');
    expect(broken('ScaledObject', (spec) => Object.assign(spec, { minReplicas: 2 }))).toContain(
      '"minReplicas"',
    );
    expect(broken('ServiceMonitor', (spec) => delete spec.selector)).toContain('"selector"');
    expect(broken('PrometheusRule', (spec) => Object.assign(spec, { groups: [{}] }))).toContain('"name"');
    const [service] = ofKind('Service', manifests);
    expect(validate({ ...service, apiVersion: 'v2' } as Manifest)).toEqual([
      'v2 Service: there is no such kind',
    ]);
  });
});

describe('against what KEDA says of its triggers', () => {
  beforeEach(needs('helm', 'schemas'));

  test('the trigger and its authentication give what metrics-api takes, and all that it needs', async () => {
    const manifests = await manifestsOf('everything');
    const [scaled] = ofKind<ScaledObject>('ScaledObject', manifests);
    const [authentication] = ofKind<TriggerAuthentication>('TriggerAuthentication', manifests);
    const trigger = scaled?.spec.triggers[0];
    const parameters = triggerParameters(trigger?.type ?? '');
    const given = Object.keys(trigger?.metadata ?? {});
    expect(given.filter((name) => !parameters.some((parameter) => parameter.name === name))).toEqual([]);
    const needed = parameters.filter(({ optional, default: preset }) => !optional && preset === undefined);
    expect(given).toEqual(expect.arrayContaining(needed.map(({ name }) => name)));
    expect(parameters.map(({ name }) => name)).toContain(authentication?.spec.secretTargetRef[0]?.parameter);
    expect(trigger?.authenticationRef?.name).toBe(authentication?.metadata.name);
  });
});

describe('helm', () => {
  beforeEach(needs('helm'));

  test.each(VALUE_SETS)('lint --strict has nothing to say of %s', async (valueSet) => {
    expect(await lint(valueSet)).toBe('');
  });
});

test('the oldest Kubernetes of the chart is the oldest one that is tried', () => {
  const chart = readFileSync(join(CHART, 'Chart.yaml'), 'utf8');
  expect(chart).toContain(`kubeVersion: ">=${KUBERNETES_VERSIONS[0]}-0"`);
});

interface TriggerParameter {
  readonly name: string;
  readonly optional?: boolean;
  readonly default?: string;
}

function triggerParameters(type: string): readonly TriggerParameter[] {
  const schemas = inject('schemas');
  if ('missing' in schemas) throw new Error(schemas.missing);
  const { scalers } = JSON.parse(
    readFileSync(join(schemas.found['keda-2.21.0'], 'scalers-schema.json'), 'utf8'),
  ) as { scalers: readonly { readonly type: string; readonly parameters: readonly TriggerParameter[] }[] };
  return scalers.find((scaler) => scaler.type === type)?.parameters ?? [];
}
