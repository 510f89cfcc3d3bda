import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { manifestsOf, manifestsWith, NAMESPACE, needs, ROOT, VALUE_SETS } from './chart.ts';
import {
  containerOf,
  type Deployment,
  type Manifest,
  type NetworkPolicy,
  ofKind,
  type PodDisruptionBudget,
  type ScaledObject,
  type Service,
  serviceOf,
} from './manifests.ts';

const SERVICES = ['coordinator', 'reporter', 'worker'];
/** Redis 10 s and Kafka 15 s, before the port is opened. */
const START_S_MAX = 25;

beforeEach(needs('helm'));

describe.each(VALUE_SETS)('%s', (valueSet) => {
  const deployments = async () => ofKind<Deployment>('Deployment', await manifestsOf(valueSet));

  test('there are the three services', async () => {
    expect((await deployments()).map(serviceOf).sort()).toEqual(SERVICES);
    expect(
      ofKind('Service', await manifestsOf(valueSet))
        .map(serviceOf)
        .sort(),
    ).toEqual(SERVICES);
  });

  test('no pod runs as root, writes to its image, keeps a capability or asks Kubernetes', async () => {
    for (const deployment of await deployments()) {
      const pod = deployment.spec.template.spec;
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.enableServiceLinks).toBe(false);
      expect(containerOf(deployment).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(readFileSync(join(ROOT, 'deploy', 'Dockerfile'), 'utf8').match(/^USER .*$/gm)).toEqual([
      'USER 1000:1000',
    ]);
  });

  test('every image has a registry, and a digest or a tag that is not latest', async () => {
    for (const deployment of await deployments()) {
      const { image } = containerOf(deployment);
      expect(image).toMatch(/^[\w.-]+\.[\w.:-]+\/[\w./-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/);
      expect(image).not.toMatch(/:latest$/);
    }
  });

  test('every container has its limits and its probes, and time to start', async () => {
    for (const deployment of await deployments()) {
      const { resources, livenessProbe, readinessProbe, startupProbe } = containerOf(deployment);
      expect(Object.keys(resources.limits ?? {}).sort()).toEqual(['cpu', 'memory']);
      expect(livenessProbe?.httpGet.path).toBe('/livez');
      expect(readinessProbe?.httpGet.path).toBe('/readyz');
      expect(startupProbe?.httpGet.path).toBe('/livez');
      const startS = (startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0);
      expect(startS).toBeGreaterThan(START_S_MAX);
    }
  });

  test('the grace period is longer than stopping takes', async () => {
    for (const deployment of await deployments()) {
      const { terminationGracePeriodSeconds } = deployment.spec.template.spec;
      const service = serviceOf(deployment);
      const preStopS = Number(containerOf(deployment).lifecycle?.preStop.exec.command.at(-1) ?? 0);
      expect(terminationGracePeriodSeconds, service).toBeGreaterThan(
        preStopS + (STOP_S[service] ?? Infinity),
      );
    }
  });

  test('every service with more than one pod has a disruption budget of its own', async () => {
    const budgets = ofKind<PodDisruptionBudget>('PodDisruptionBudget', await manifestsOf(valueSet));
    for (const deployment of await deployments()) {
      if (deployment.spec.replicas === 1) continue;
      const own = budgets.filter((budget) => serviceOf(budget) === serviceOf(deployment));
      expect(own.map(({ spec }) => spec.selector)).toEqual([deployment.spec.selector]);
    }
  });

  test('all that is not named is refused, in both directions', async () => {
    const policies = ofKind<NetworkPolicy>('NetworkPolicy', await manifestsOf(valueSet));
    const denying = policies.find(({ spec }) => !spec.ingress && !spec.egress);
    expect(denying?.spec.policyTypes).toEqual(['Ingress', 'Egress']);
    for (const deployment of await deployments()) {
      expect(deployment.spec.template.metadata.labels).toMatchObject(
        denying?.spec.podSelector.matchLabels ?? { none: '' },
      );
    }
    for (const { spec } of policies.filter((policy) => policy !== denying)) {
      for (const rule of spec.ingress ?? []) {
        expect(rule.from?.length).toBeGreaterThan(0);
        expect(rule.ports).toEqual([{ port: 'http', protocol: 'TCP' }]);
      }
      for (const rule of spec.egress ?? []) expect(rule.ports?.length).toBeGreaterThan(0);
    }
  });

  test('at most one autoscaler sets the number of workers, and the chart then does not', async () => {
    const manifests = await manifestsOf(valueSet);
    const scalers = manifests.filter(({ kind }) => /^(HorizontalPodAutoscaler|ScaledObject)$/.test(kind));
    const worker = (await deployments()).find((deployment) => serviceOf(deployment) === 'worker');
    expect(scalers.length).toBe(['everything', 'keda', 'hpa'].includes(valueSet) ? 1 : 0);
    expect(worker?.spec.replicas === undefined).toBe(scalers.length === 1);
  });

  test('settings come from a ConfigMap, secrets as files that are mounted, nothing as an argument', async () => {
    const manifests = await manifestsOf(valueSet);
    for (const deployment of await deployments()) {
      const { env, envFrom, command, args } = containerOf(deployment);
      // The program, and nothing else.
      expect({ env, command, args }).toEqual({ command: [serviceOf(deployment)] });
      expect(envFrom).toEqual([{ configMapRef: { name: deployment.metadata.name } }]);
      const settings = dataOf(deployment.metadata.name, manifests);
      for (const name of Object.keys(settings)) expect(name).not.toMatch(SECRET_OPTION);
      const files = deployment.spec.template.spec.volumes
        .flatMap(({ projected }) => projected?.sources ?? [])
        .flatMap(({ secret }) => secret.items.map(({ path }) => `/etc/rowparity/secrets/${path}`));
      expect(new Set(files).size).toBe(files.length);
      const named = Object.values(settings).filter((value) => value.startsWith('/'));
      // A connection's URL is what leads to this one.
      expect(files.filter((file) => !file.endsWith('/mysql-ca.crt')).sort()).toEqual(named.sort());
    }
  });

  test('who needs no database and no broker gets no way to them', async () => {
    const manifests = await manifestsOf(valueSet);
    const names = (service: string) =>
      ofKind('ConfigMap', manifests)
        .filter((map) => serviceOf(map) === service)
        .flatMap((map) => Object.keys(map.data ?? {}));
    expect(names('reporter').filter((name) => /CONNECTION|KAFKA/.test(name))).toEqual([]);
    // Only where it may look at brokers and topics for a diagnosis (coordinator.kafka).
    const isDiagnosing = valueSet === 'everything';
    expect(names('coordinator').some((name) => /KAFKA/.test(name))).toBe(isDiagnosing);
    expect(names('worker')).toEqual(expect.arrayContaining(['ROWPARITY_KAFKA_BROKERS']));
  });
});

test('the values of a Secret that the chart makes are in that Secret and nowhere else', async () => {
  const manifests = await manifestsOf('trial');
  const [secret, ...others] = ofKind('Secret', manifests);
  expect(others).toEqual([]);
  expect(Object.values(secret?.stringData ?? {}).filter((value) => value.includes('hidden-'))).toHaveLength(
    5,
  );
  const rest = manifests.filter((manifest) => manifest !== secret);
  expect(JSON.stringify(rest)).not.toContain('hidden-');
  const keys = JSON.stringify(ofKind('Deployment', rest)).matchAll(/"key":"([^"]+)"/g);
  expect(new Set([...keys].map(([, key]) => key))).toEqual(new Set(Object.keys(secret?.stringData ?? {})));
});

test.each(VALUE_SETS.filter((name) => name !== 'trial'))(
  '%s: the chart makes no Secret',
  async (valueSet) => {
    expect(ofKind('Secret', await manifestsOf(valueSet))).toEqual([]);
  },
);

test.each(['keda', 'everything'])(
  '%s: KEDA asks the coordinator, with the token where one is wanted',
  async (valueSet) => {
    const manifests = await manifestsOf(valueSet);
    const coordinator = ofKind<Service>('Service', manifests).find((one) => serviceOf(one) === 'coordinator');
    const [trigger] = ofKind<ScaledObject>('ScaledObject', manifests)[0]?.spec.triggers ?? [];
    const address = `${coordinator?.metadata.name}.${NAMESPACE}.svc:${coordinator?.spec.ports[0]?.port}`;
    expect(trigger?.metadata.url).toBe(`http://${address}/v1/backlog`);
    expect(trigger?.metadata.authMode).toBe(valueSet === 'everything' ? 'bearer' : undefined);
    expect(ofKind('TriggerAuthentication', manifests)).toHaveLength(valueSet === 'everything' ? 1 : 0);
  },
);

test('new settings are new pods, and the same settings are the same pods', async () => {
  const templates = async (...settings: string[]) =>
    ofKind<Deployment>('Deployment', await manifestsWith(...settings)).map(({ spec }) =>
      JSON.stringify(spec.template),
    );
  const [before, same, other] = await Promise.all([
    templates(),
    templates('worker.replicas=5'),
    templates('worker.lockMs=90000'),
  ]);
  expect(same).toEqual(before);
  expect(other.filter((text, index) => text !== before[index])).toHaveLength(1);
});

test('names stay within what Kubernetes takes, however long the release is named', async () => {
  const manifests = await manifestsWith(`fullnameOverride="${'a'.repeat(50)}"`);
  for (const { metadata } of manifests) expect(metadata.name.length).toBeLessThanOrEqual(63);
});

/** A name that ends in _FILE leads to a secret, and is none. */
const SECRET_OPTION = /^ROWPARITY_(REDIS_URL|KAFKA_PASSWORD|HTTP_TOKEN|CONNECTION_(?!.*_FILE$).*)$/;

function dataOf(name: string, manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  return ofKind('ConfigMap', manifests).find(({ metadata }) => metadata.name === name)?.data ?? {};
}

/** The longest time that each service takes after SIGTERM, from the limits in the code. */
const DRAIN_S = secondsOf('packages/redis/src/jobs/jobWorker.ts', 'DRAIN_MS');
const STOP_S: Readonly<Record<string, number>> = {
  coordinator: DRAIN_S,
  worker:
    DRAIN_S +
    secondsOf('packages/producer/src/createProducer.ts', 'CLOSE_MS') +
    secondsOf('packages/producer/src/kafka/kafkaTransport.ts', 'DISCONNECT_MS'),
  // It answers what it was asked: as long as Redis may take.
  reporter: secondsOf('packages/redis/src/connection/connectRedis.ts', 'HTTP_COMMAND_MS'),
};

function secondsOf(path: string, constant: string): number {
  const [, digits] =
    new RegExp(`^const ${constant} = ([\\d_]+);`, 'm').exec(readFileSync(join(ROOT, path), 'utf8')) ?? [];
  if (digits === undefined) throw new Error(`${path}: there is no constant ${constant} any more`);
  return Number(digits.replaceAll('_', '')) / 1000;
}
