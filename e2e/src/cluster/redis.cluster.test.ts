import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Pod } from './testing/kubectl.ts';
import { hasCluster, needsCluster } from './testing/needsCluster.ts';
import { Scene, SERVICES, type Service } from './testing/scene.ts';

/** Longer than any silence that ends a connection of ours (15 s): a healthy one that is dropped is younger. */
const OLD_SECONDS = 40;
/** Of a service that a needed server did not answer at its start. */
const OUTAGE = 5;

let scene: Scene;

beforeAll(async () => {
  if (!hasCluster()) return;
  scene = await Scene.open('redis');
  await scene.install({ worker: { replicas: 2 } });
});
afterAll(() => scene?.close());
beforeEach(needsCluster);

test('after a restart of Redis every connection is made once and lives on, and each process tells one outage', async () => {
  scene.tellWhenFailed();
  await expect.poll(connectionNames).toEqual(expect.arrayContaining(['rowparity-jobs', 'rowparity-ledger']));
  const before = (await connectionNames()).length;
  // Redis ends, and the kubelet starts it again in the same pod, with its append-only file.
  await scene.kubectl.outcome(['exec', 'deployment/redis', '--', 'sh', '-c', 'kill 1']);
  await expect.poll(restartsOfRedis).toBe(1);
  await expect.poll(connectionNames).toHaveLength(before);
  await expect.poll(youngestSeconds).toBeGreaterThan(OLD_SECONDS);
  for (const log of await logs()) {
    expect(log.match(/Redis does not answer/g)).toHaveLength(1);
    expect(log.match(/Redis answers again/g)).toHaveLength(1);
  }
});

test('a start while Redis is away waits, ends as an outage and not as a wrong setting, and works when it is back', async () => {
  scene.tellWhenFailed();
  await scene.kubectl.run('scale', 'deployment/redis', '--replicas=0');
  await scene.kubectl.run('wait', '--for=delete', 'pod', '--selector', 'app=redis', '--timeout=2m');
  for (const service of SERVICES)
    await scene.kubectl.run('delete', 'pod', '--selector', selectorOf(service), '--wait=false');
  for (const service of SERVICES) {
    await expect.poll(() => exitCodes(service)).toEqual(expect.arrayContaining([OUTAGE]));
    expect(await exitCodes(service)).not.toContain(2);
  }
  const [ended] = (await scene.pods('worker')).filter((pod) => exitCodeOf(pod) !== undefined);
  expect(await scene.kubectl.run('logs', '--previous', ended?.metadata.name ?? '')).toContain(
    'ROWPARITY_REDIS_URL',
  );
  await scene.kubectl.run('scale', 'deployment/redis', '--replicas=1');
  for (const service of SERVICES) {
    await expect.poll(async () => scene.readyPods(service), { timeout: 400_000 }).toBeGreaterThan(0);
  }
});

function selectorOf(service: Service): string {
  return `app.kubernetes.io/component=${service}`;
}

async function exitCodes(service: Service): Promise<readonly (number | undefined)[]> {
  return (await scene.pods(service)).map(exitCodeOf);
}

function exitCodeOf({ status }: Pod): number | undefined {
  return status.containerStatuses?.[0]?.lastState.terminated?.exitCode;
}

async function restartsOfRedis(): Promise<number | undefined> {
  const [redis] = await scene.kubectl.list<Pod>('pods', '--selector', 'app=redis');
  return redis?.status.containerStatuses?.[0]?.restartCount;
}

async function clients(): Promise<readonly string[]> {
  const lines = (await scene.redisCli('client', 'list').catch(() => '')).split('\n');
  return lines.filter((line) => line.includes('name=rowparity-'));
}

async function connectionNames(): Promise<readonly string[]> {
  return (await clients()).map((line) => /name=(\S+)/.exec(line)?.[1] ?? '');
}

async function youngestSeconds(): Promise<number> {
  return Math.min(...(await clients()).map((line) => Number(/ age=(\d+)/.exec(line)?.[1])));
}

async function logs(): Promise<readonly string[]> {
  const pods = (await Promise.all(SERVICES.map((service) => scene.pods(service)))).flat();
  return Promise.all(pods.map(({ metadata }) => scene.kubectl.run('logs', metadata.name)));
}
