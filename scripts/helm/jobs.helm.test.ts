import { execFileSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
import { manifestsOf, manifestsWith, needs, refusalOf, VALUE_SETS } from './chart.ts';
import {
  type Container,
  type Manifest,
  type NetworkPolicy,
  ofKind,
  type PodSpec,
  serviceOf,
} from './manifests.ts';

beforeEach(needs('helm'));

interface JobSpec {
  readonly backoffLimit: number;
  readonly activeDeadlineSeconds: number;
  readonly template: { readonly spec: PodSpec & { readonly restartPolicy: string } };
}

const WITH_CHECK = 'check.enabled=true';
const WITH_TOPIC = ['topic.enabled=true', 'topic.image="registry.example.com/apache/kafka:4.1.0"'];

function jobsIn(manifests: readonly Manifest[]): ReadonlyMap<string, JobSpec> {
  const crons = ofKind<Manifest & { spec: { jobTemplate: { spec: JobSpec } } }>('CronJob', manifests);
  const jobs = ofKind<Manifest & { spec: JobSpec }>('Job', manifests);
  return new Map([
    ...crons.map((cron) => [serviceOf(cron), cron.spec.jobTemplate.spec] as const),
    ...jobs.map((job) => [serviceOf(job), job.spec] as const),
  ]);
}

function containerIn(job: JobSpec | undefined): Container {
  const [container] = job?.template.spec.containers ?? [];
  if (!container) throw new Error('there is no such job');
  return container;
}

/** What the shell of the topic's Job runs. */
async function script(...settings: readonly string[]): Promise<string> {
  const jobs = jobsIn(await manifestsWith(...WITH_TOPIC, ...settings));
  return containerIn(jobs.get('topic')).args?.join('\n') ?? '';
}

test.each(VALUE_SETS.filter((name) => name !== 'everything'))(
  '%s: no Job unless it is asked for',
  async (name) => {
    expect([...jobsIn(await manifestsOf(name)).keys()]).toEqual([]);
  },
);

test('a Job is as guarded as a service: no root, no token, limits, a deadline, and it ends', async () => {
  const jobs = jobsIn(await manifestsOf('everything'));
  expect([...jobs.keys()].sort()).toEqual(['check', 'topic']);
  for (const job of jobs.values()) {
    const { restartPolicy, ...pod } = job.template.spec;
    expect(restartPolicy).toBe('Never');
    expect(job.activeDeadlineSeconds).toBeGreaterThan(0);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(pod.automountServiceAccountToken).toBe(false);
    const { securityContext, resources, image } = containerIn(job);
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(Object.keys(resources.limits ?? {}).sort()).toEqual(['cpu', 'memory']);
    expect(image).toMatch(/:[\w.-]+$/);
  }
});

test('a Job reaches what it needs and nothing else, and nothing reaches it', async () => {
  const policies = ofKind<NetworkPolicy>('NetworkPolicy', await manifestsOf('everything'));
  const portsOf = (service: string) => {
    const [policy] = policies.filter((one) => serviceOf(one) === service);
    expect(policy?.spec.ingress).toBeUndefined();
    return policy?.spec.egress?.flatMap(({ ports }) => ports?.map(({ port }) => port));
  };
  expect(portsOf('check')).toEqual([53, 53, 3306, 3307]);
  expect(portsOf('topic')).toEqual([53, 53, 9093]);
});

describe('check', () => {
  test('its connections are mounted files under the names that the command knows', async () => {
    const job = jobsIn(await manifestsOf('everything')).get('check');
    const { args, env } = containerIn(job);
    expect(args?.slice(0, 3)).toEqual(['check', '--tables', 'orders,customers']);
    expect(env).toEqual([
      { name: 'ROWPARITY_CONNECTION_SOURCE_FILE', value: '/etc/rowparity/secrets/connection-source' },
      {
        name: 'ROWPARITY_CONNECTION_DESTINATION_FILE',
        value: '/etc/rowparity/secrets/connection-destination',
      },
    ]);
    const sources = job?.template.spec.volumes.flatMap((volume) => volume.projected?.sources ?? []);
    expect(sources?.map(({ secret }) => secret)).toMatchObject([
      { name: 'shop-old', items: [{ path: 'connection-source' }] },
      { name: 'shop-2', items: [{ path: 'connection-destination' }] },
      { items: [{ path: 'mysql-ca.crt' }] },
    ]);
    expect(job?.backoffLimit).toBe(0);
  });

  test('with a schedule it is a CronJob, without one a Job of this revision', async () => {
    const kinds = async (...settings: string[]) =>
      (await manifestsWith(WITH_CHECK, ...settings))
        .filter((manifest) => serviceOf(manifest) === 'check')
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(await kinds()).toEqual(['NetworkPolicy rp-rowparity-check', 'Job rp-rowparity-check-1']);
    const [, cron = ''] = await kinds('check.schedule="0 3 * * *"', `fullnameOverride="${'a'.repeat(50)}"`);
    expect(cron).toMatch(/^CronJob a+-check$/);
    expect(cron.length - 'CronJob '.length).toBeLessThanOrEqual(52);
  });
});

describe('topic', () => {
  test('its script is one that a shell takes, and makes every topic that has a name of its own', async () => {
    const jobs = jobsIn(await manifestsOf('everything'));
    const text = containerIn(jobs.get('topic')).args?.join('\n') ?? '';
    expect(text).toContain('for topic in dbMove ; do');
    expect(text).toContain('--partitions 24 --replication-factor 3');
    expect(text).toContain('security.protocol=SASL_SSL');
    expect(text).toContain('scram.ScramLoginModule');
    execFileSync('sh', ['-n', '-c', text]);
  });

  test('without TLS and without a user it has no secret', async () => {
    expect(await script()).toContain('security.protocol=PLAINTEXT');
    const job = jobsIn(await manifestsWith(...WITH_TOPIC)).get('topic');
    expect(job?.template.spec.volumes.filter((volume) => volume.projected)).toEqual([]);
  });
});

test.each([
  [[WITH_CHECK, 'check.source="old"'], 'check.source', 'old'],
  [['check.schedule="nightly"'], '/check/schedule'],
  [['check.args=["mysql://a:b@c/d"]'], '/check/args/0'],
  [['check.args=[]'], '/check/args'],
  [['check.table="a"'], '/check', 'table'],
  [['topic.enabled=true'], 'topic.image'],
  [['topic.image="kafka"'], '/topic/image'],
  [['topic.image="registry.example.com/kafka:latest"'], '/topic/image'],
  [['topic.partitions=0'], '/topic/partitions'],
  [['topic.command="rm -rf /"'], '/topic/command'],
])('%s is refused, by name', async (settings, ...words) => {
  const refusal = await refusalOf(...settings);
  for (const word of words) expect(refusal).toContain(word);
});
