import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from './testing/kubectl.ts';
import { hasCluster, needsCluster } from './testing/needsCluster.ts';
import { clusterSettings, Scene } from './testing/scene.ts';
import { EQUAL_TABLE, TABLES } from './testing/shop.ts';

let scene: Scene;

beforeAll(async () => {
  if (!hasCluster()) return;
  scene = await Scene.open('jobs');
});
afterAll(() => scene?.close());
beforeEach(needsCluster);

const withCheck = (tables: string, schedule = '') => ({
  check: {
    ...{ enabled: true, schedule, resources: { requests: { cpu: '50m' } } },
    args: ['--tables', tables, '--events', '/data/events.ndjson', '--report', '-'],
  },
});

test('the topic Job makes the topics of the values, with their partitions', async () => {
  scene.tellWhenFailed();
  const topic = scene.namespace;
  const { kafka: image } = clusterSettings().servers;
  const job = {
    enabled: true,
    image,
    partitions: 3,
    replicationFactor: 1,
    resources: { requests: { cpu: '50m' } },
  };
  await scene.install({ kafka: { topics: [topic] }, topic: job });
  await expect.poll(() => outcome('rowparity-topic-1')).toBe('Complete');
  expect(await scene.servers.partitions(topic)).toBe(3);
});

test('the check Job completes where the tables are the same, and its log ends with the report', async () => {
  scene.tellWhenFailed();
  await scene.install(withCheck(EQUAL_TABLE));
  await expect.poll(() => outcome('rowparity-check-2')).toBe('Complete');
  expect(await scene.kubectl.run('logs', 'job/rowparity-check-2')).toMatch(/consistent/);
});

test('the check Job fails where rows differ, once, and its log says which tables', async () => {
  scene.tellWhenFailed();
  await scene.install(withCheck(TABLES.join(',')));
  await expect.poll(() => outcome('rowparity-check-3')).toBe('Failed');
  const log = await scene.kubectl.run('logs', 'job/rowparity-check-3');
  for (const table of TABLES) expect(log).toContain(table);
});

test('the check CronJob can be run now, as the notes say', async () => {
  scene.tellWhenFailed();
  const notes = await scene.chart.apply(scene.values(withCheck(EQUAL_TABLE, '0 3 * * *')), '--wait');
  const [command = ''] = notes.match(/kubectl .* create job .*/) ?? [];
  await scene.kubectl.run(...command.trim().split(/\s+/).slice(1));
  await expect.poll(() => outcome('rowparity-check-now')).toBe('Complete');
});

interface Job extends KubeObject {
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function outcome(name: string): Promise<string | undefined> {
  const { status } = await scene.kubectl.get<Job>('job', name);
  return status.conditions?.find(
    ({ type, status: is }) => is === 'True' && ['Complete', 'Failed'].includes(type),
  )?.type;
}
