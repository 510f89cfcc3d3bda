import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Pod } from './testing/kubectl.ts';
import { hasCluster, needsCluster } from './testing/needsCluster.ts';
import { Scene, SERVICES, type Service } from './testing/scene.ts';

/** Longer than any silence that ends a connection of ours (15 s). */
const OLD_SECONDS = 40;
/** BullMQ makes a connection anew whose question, held back for five seconds, has no answer a second later. */
const WATCHDOG_SECONDS = 6;
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
  const before = (await connections()).length;
  expect(before).toBeGreaterThan(0);
  // Away for some seconds: the silence before counts for no connection that is made after.
  await takeRedisAway();
  await bringRedisBack();
  await expect.poll(connections).toHaveLength(before);
  await expect.poll(youngestSeconds).toBeGreaterThan(WATCHDOG_SECONDS);
  const made = ids(await connections());
  await expect.poll(youngestSeconds).toBeGreaterThan(OLD_SECONDS);
  expect(ids(await connections())).toEqual(made);
  for (const log of await logs()) {
    expect(log.match(/Redis does not answer/g)).toHaveLength(1);
    expect(log.match(/Redis answers again/g)).toHaveLength(1);
  }
});

test('a start while Redis is away waits, ends as an outage and not as a wrong setting, and works when it is back', async () => {
  scene.tellWhenFailed();
  await takeRedisAway();
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
  await bringRedisBack();
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

async function takeRedisAway(): Promise<void> {
  await scene.kubectl.run('scale', 'deployment/redis', '--replicas=0');
  await scene.kubectl.run('wait', '--for=delete', 'pod', '--selector', 'app=redis', '--timeout=2m');
}

async function bringRedisBack(): Promise<void> {
  await scene.kubectl.run('scale', 'deployment/redis', '--replicas=1');
  await scene.kubectl.run('rollout', 'status', 'deployment/redis', '--timeout=2m');
}

interface Connection {
  readonly id: number;
  readonly ageSeconds: number;
}

/** Of our processes: each tells Redis a name, and for its own ones BullMQ another. Probes and redis-cli have none. */
async function connections(): Promise<readonly Connection[]> {
  const lines = (await scene.redisCli('client', 'list').catch(() => '')).split('\n');
  return lines
    .filter((line) => / name=\S/.test(line))
    .map((line) => ({ id: numberIn(line, 'id'), ageSeconds: numberIn(line, 'age') }));
}

function numberIn(line: string, field: string): number {
  return Number(new RegExp(`\\b${field}=(\\d+)`).exec(line)?.[1]);
}

function ids(all: readonly Connection[]): readonly number[] {
  return all.map(({ id }) => id).sort((a, b) => a - b);
}

async function youngestSeconds(): Promise<number> {
  return Math.min(...(await connections()).map(({ ageSeconds }) => ageSeconds));
}

async function logs(): Promise<readonly string[]> {
  const pods = (await Promise.all(SERVICES.map((service) => scene.pods(service)))).flat();
  return Promise.all(pods.map(({ metadata }) => scene.kubectl.run('logs', metadata.name)));
}
