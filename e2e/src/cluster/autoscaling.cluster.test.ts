import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from './testing/kubectl.ts';
import { hasCluster, needsCluster } from './testing/needsCluster.ts';
import { hasPodMetrics, kedaNamespace } from './testing/offers.ts';
import { found, planted, reportOf, submitRun } from './testing/runs.ts';
import { clusterSettings, Scene } from './testing/scene.ts';

/** Spreads a run over this time, so that an autoscaler sees it. */
const RUN_SECONDS = 90;

let scene: Scene;
let keda: string | undefined;

beforeAll(async () => {
  if (!hasCluster()) return;
  scene = await Scene.open('scale');
  keda = await kedaNamespace(scene.kubectl);
  await scene.install({ worker: { replicas: 3 } });
});
afterAll(() => scene?.close());
beforeEach(needsCluster);

const byCpu = () => ({ worker: { hpa: { enabled: true, minReplicas: 1, maxReplicas: 4, cpuPercent: 70 } } });
const byBacklog = (minReplicas: number, more = {}) => ({
  worker: {
    keda: {
      ...{ enabled: true, minReplicas, maxReplicas: 3, shardsPerWorker: 8, namespace: keda },
      ...{ pollingSeconds: 2, cooldownSeconds: 10 },
    },
    budget: { maxRowsPerSecond: Math.ceil((3 * clusterSettings().rows) / RUN_SECONDS) },
    ...more,
  },
});

test('an autoscaler that is switched on finds the workers that were there, and none is taken away by the switch', async ({
  skip,
}) => {
  scene.tellWhenFailed();
  if (!(await hasPodMetrics(scene.kubectl))) skip('the cluster has no metrics of pods (metrics-server)');
  await scene.install(byCpu());
  expect(await scene.replicas()).toBe(3);
  await expect.poll(scalingIsActive).toBe(true);
  expect(await scaledDownTo()).toEqual([]);
});

test('by processor time: busy workers become more', async ({ skip }) => {
  scene.tellWhenFailed();
  if (!(await hasPodMetrics(scene.kubectl))) skip('the cluster has no metrics of pods (metrics-server)');
  await submitRun(scene, { runId: 'busy' });
  await expect.poll(() => scene.replicas()).toBe(4);
});

test('from the autoscaler of Kubernetes to KEDA at once is refused by name, before anything is changed', async ({
  skip,
}) => {
  scene.tellWhenFailed();
  if (keda === undefined) skip('the cluster has no KEDA');
  await scene.install(byCpu());
  const before = await scene.kubectl.get('deployment', 'rowparity-worker');
  await expect(scene.install(byBacklog(0))).rejects.toThrow('worker.hpa.enabled=false');
  const after = await scene.kubectl.get('deployment', 'rowparity-worker');
  // Their number is the autoscaler's, which goes on meanwhile.
  expect(after.metadata.labels).toEqual(before.metadata.labels);
  expect(templateOf(after)).toEqual(templateOf(before));
});

test('KEDA: none without work, some for a run, none after it, and the run is exact', async ({ skip }) => {
  scene.tellWhenFailed();
  if (keda === undefined) skip('the cluster has no KEDA');
  await scene.install({ worker: { replicas: 2 } });
  await scene.install(byBacklog(0));
  await expect.poll(() => scene.replicas()).toBe(0);
  await submitRun(scene, { runId: 'awake' });
  await expect.poll(() => scene.readyPods('worker')).toBeGreaterThan(1);
  await expect.poll(() => scene.replicas(), { timeout: 400_000 }).toBe(0);
  expect(await reportOf(scene, 'awake')).toMatchObject({ state: 'settled', verdict: 'inconsistent' });
  expect(await found(scene, 'awake')).toEqual(await planted(scene));
});

test('from none by KEDA to the autoscaler of Kubernetes: it finds one, so that it does not stay at none', async ({
  skip,
}) => {
  scene.tellWhenFailed();
  if (keda === undefined) skip('the cluster has no KEDA');
  await expect.poll(() => scene.replicas()).toBe(0);
  await scene.install(byCpu());
  expect(await scene.replicas()).toBeGreaterThanOrEqual(1);
  await expect.poll(() => scene.readyPods('worker')).toBeGreaterThanOrEqual(1);
});

test('KEDA with a worker that stays: fewer after the cooldown of the values, and not after five minutes', async ({
  skip,
}) => {
  scene.tellWhenFailed();
  if (keda === undefined) skip('the cluster has no KEDA');
  await scene.install({ worker: { replicas: 3 } });
  await scene.install(byBacklog(1));
  await expect.poll(() => scene.replicas(), { timeout: 120_000 }).toBe(1);
});

test('KEDA keeps what there is while the coordinator does not answer', async ({ skip }) => {
  scene.tellWhenFailed();
  if (keda === undefined) skip('the cluster has no KEDA');
  await scene.kubectl.run('scale', 'deployment/rowparity-coordinator', '--replicas=0');
  await expect.poll(() => scene.replicas()).toBe(2);
  await scene.kubectl.run('scale', 'deployment/rowparity-coordinator', '--replicas=2');
  await expect.poll(() => scene.replicas()).toBe(1);
});

interface Conditioned extends KubeObject {
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function scalingIsActive(): Promise<boolean> {
  const scaler = await scene.kubectl.get<Conditioned>('hpa', 'rowparity-worker');
  return (
    scaler.status.conditions?.some(({ type, status }) => type === 'ScalingActive' && status === 'True') ??
    false
  );
}

/** What the Deployment of the workers was scaled down to, by its events. */
async function scaledDownTo(): Promise<readonly string[]> {
  const ofWorkers = 'involvedObject.name=rowparity-worker,reason=ScalingReplicaSet';
  const events = await scene.kubectl.list<KubeObject & { readonly message: string }>(
    'events',
    '--field-selector',
    ofWorkers,
  );
  return events.map(({ message }) => message).filter((message) => message.startsWith('Scaled down'));
}

/** Of the pods of a deployment. */
function templateOf(deployment: object): unknown {
  return (deployment as { readonly spec: { readonly template: unknown } }).spec.template;
}
