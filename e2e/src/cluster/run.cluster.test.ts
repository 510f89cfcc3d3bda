import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RELEASE } from './testing/chart.ts';
import { containerOf, crash } from './testing/crash.ts';
import { evict } from './testing/evict.ts';
import type { Pod } from './testing/kubectl.ts';
import { hasCluster, needsCluster } from './testing/needsCluster.ts';
import { found, planted, reportOf, reportSoon, submitRun } from './testing/runs.ts';
import { clusterSettings, Scene } from './testing/scene.ts';

/** Long enough for every change below, on a slow cluster: the budget of rows spreads the run over this time. */
const RUN_SECONDS = 150;
/** Two thirds of the limit of the chart: docs/kubernetes.md tells what was measured. */
const WORKER_BYTES_MAX = 256 * 1024 * 1024;
const KIB = 1024;

let scene: Scene;

beforeAll(async () => {
  if (!hasCluster()) return;
  scene = await Scene.open('run');
});
afterAll(() => scene?.close());
beforeEach(needsCluster);

test('a run through scaling, crash, rollout and drain finds exactly what was planted', async () => {
  scene.tellWhenFailed();
  const runId = 'restless';
  const maxRowsPerSecond = Math.ceil((3 * clusterSettings().rows) / RUN_SECONDS);
  await scene.install({ worker: { concurrency: 1, budget: { maxRowsPerSecond } } });
  await submitRun(scene, { runId });
  await pastPercent(runId, 2);

  await scale(4);
  await pastPercent(runId, (await reportOf(scene, runId)).percent + 2);
  await scale(0);
  // A worker that ends releases its shards: none is held by a worker that is gone.
  expect((await reportOf(scene, runId)).shards).toMatchObject({ running: 0 });
  await scale(2);
  await pastPercent(runId, (await reportOf(scene, runId)).percent + 2);

  const [victim, other] = (await scene.pods('worker')) as [Pod, Pod];
  await crash(scene, victim);
  await expect.poll(async () => (await containerOf(scene, victim))?.lastState.terminated?.exitCode).toBe(137);
  await expect.poll(() => scene.readyPods('worker')).toBe(2);

  await scene.kubectl.run('rollout', 'restart', `deployment/${RELEASE}-coordinator`);
  await scene.kubectl.run('rollout', 'status', `deployment/${RELEASE}-coordinator`, '--timeout=3m');

  expect(await evict(scene, victim)).toBe('evicted');
  expect(await evict(scene, other)).toBe('refused');
  await expect.poll(() => evict(scene, other)).toBe('evicted');
  expect((await reportOf(scene, runId)).state).not.toBe('settled');

  await scale(4);
  await settled(runId);
  expect(await reportOf(scene, runId)).toMatchObject({ verdict: 'inconsistent', percent: 100 });
  expect(await found(scene, runId)).toEqual(await planted(scene));
});

test('at full speed, and with one worker for all, a third of its memory stays free', async () => {
  scene.tellWhenFailed();
  const runId = 'fast';
  await scene.install();
  await expect.poll(async () => (await scene.pods('worker')).length).toBe(1);
  await submitRun(scene, { runId, shardRows: 50_000 });
  await settled(runId);
  expect(await reportOf(scene, runId)).toMatchObject({ verdict: 'inconsistent', percent: 100 });
  expect(await found(scene, runId)).toEqual(await planted(scene));
  const status = await scene.kubectl.exec(`deployment/${RELEASE}-worker`, ['cat', '/proc/1/status']);
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
  console.log(`the worker had ${(peak / KIB / KIB).toFixed(1)} MiB at most`);
  expect(peak).toBeLessThan(WORKER_BYTES_MAX);
});

/** Until so many are ready and no other one is left. */
async function scale(replicas: number): Promise<void> {
  await scene.scale(replicas);
  await expect.poll(() => scene.readyPods('worker')).toBe(replicas);
  const selector = ['--selector', 'app.kubernetes.io/component=worker'];
  await expect.poll(async () => (await scene.kubectl.list<Pod>('pods', ...selector)).length).toBe(replicas);
}

async function pastPercent(runId: string, percent: number): Promise<void> {
  await expect.poll(async () => (await reportSoon(scene, runId))?.percent).toBeGreaterThan(percent);
}

async function settled(runId: string): Promise<void> {
  await expect
    .poll(async () => (await reportSoon(scene, runId))?.state, { timeout: 600_000 })
    .toBe('settled');
}
