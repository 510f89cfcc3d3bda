import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Kubectl, type Pod } from './testing/kubectl.ts';
import { hasCluster, needsCluster } from './testing/needsCluster.ts';
import { PROBE_PORT, reaches, startProbe } from './testing/probe.ts';
import { clusterSettings, Scene } from './testing/scene.ts';

const UNENFORCED =
  'this cluster enforces no NetworkPolicies: a pod behind one that refuses everything was reached';

let scene: Scene;
/** A namespace that the values name, and one that they do not. */
let named: Kubectl;
let stranger: Kubectl;
let isEnforced = false;

beforeAll(async () => {
  if (!hasCluster()) return;
  scene = await Scene.open('policies');
  const { kubeconfig, image } = clusterSettings();
  named = new Kubectl(kubeconfig, `${scene.namespace}-named`);
  stranger = new Kubectl(kubeconfig, `${scene.namespace}-stranger`);
  for (const { namespace } of [named, stranger]) {
    await scene.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }
  await scene.install({ networkPolicy: { ingress: { namespaces: [named.namespace] } } });
  await startProbe({ kubectl: named, name: 'named', image });
  await startProbe({ kubectl: stranger, name: 'stranger', image });
  await startProbe({ kubectl: scene.kubectl, name: 'neighbour', image });
  isEnforced = await enforcesPolicies();
});
afterAll(async () => {
  if (!hasCluster()) return;
  await scene.close();
  await scene.kubectl.run('delete', 'namespace', named.namespace, stranger.namespace, '--timeout=3m');
});
beforeEach(needsCluster);
beforeEach(({ skip }) => {
  if (hasCluster() && !isEnforced) skip(UNENFORCED);
});

test.for([
  ['coordinator', 8080],
  ['worker', 8081],
  ['reporter', 8082],
] as const)(
  'in: the %s is reached from its own and from named namespaces, and from no other',
  async ([service, port]) => {
    scene.tellWhenFailed();
    const address = `rowparity-${service}.${scene.namespace}.svc:${port}`;
    await expect.poll(() => reaches(scene.kubectl, 'neighbour', address)).toBe(true);
    await expect.poll(() => reaches(named, 'named', address)).toBe(true);
    await expect.poll(() => reaches(stranger, 'stranger', address)).toBe(false);
  },
);

test.for(['coordinator', 'worker', 'reporter'] as const)(
  'out: the %s reaches the servers that it needs, and no other',
  async (service) => {
    scene.tellWhenFailed();
    const { namespace: servers } = scene.servers;
    const reach = (address: string) => () =>
      reaches(scene.kubectl, `deployment/rowparity-${service}`, address);
    await expect.poll(reach(`redis.${scene.namespace}.svc:6379`)).toBe(true);
    await expect.poll(reach(`mysql-source.${servers}.svc:3306`)).toBe(service !== 'reporter');
    await expect.poll(reach(`kafka.${servers}.svc:9092`)).toBe(service === 'worker');
    await expect.poll(reach('kubernetes.default.svc:443')).toBe(false);
    const [neighbour] = await addresses('neighbour');
    expect(await reach(`${neighbour}:${PROBE_PORT}`)()).toBe(false);
    // The address is right: a pod without a policy reaches it.
    expect(await reaches(named, 'named', `${neighbour}:${PROBE_PORT}`)).toBe(true);
  },
);

async function enforcesPolicies(): Promise<boolean> {
  const control = { name: 'control' };
  await startProbe({ kubectl: scene.kubectl, ...control, image: clusterSettings().image });
  const spec = { podSelector: { matchLabels: { probe: 'control' } }, policyTypes: ['Ingress'] };
  await scene.kubectl.apply({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: control,
    spec,
  });
  const [address] = await addresses('control');
  for (let tries = 0; tries < 10; tries += 1) {
    if (!(await reaches(scene.kubectl, 'neighbour', `${address}:${PROBE_PORT}`))) return true;
  }
  return false;
}

async function addresses(probe: string): Promise<readonly string[]> {
  const pods = await scene.kubectl.list<Pod & { readonly status: { readonly podIP: string } }>(
    ...['pods', '--selector', `probe=${probe}`],
  );
  return pods.map(({ status }) => status.podIP);
}
