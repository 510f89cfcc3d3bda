import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Chart, VALUE_SETS } from './testing/chart.ts';
import { Kubectl } from './testing/kubectl.ts';
import { NAMESPACE_PREFIX } from './testing/namespaces.ts';
import { hasCluster, needsCluster } from './testing/needsCluster.ts';
import { clusterSettings } from './testing/scene.ts';

let kubectl: Kubectl;
let chart: Chart;

beforeAll(async () => {
  if (!hasCluster()) return;
  const namespace = `${NAMESPACE_PREFIX}admission-${randomBytes(3).toString('hex')}`;
  kubectl = new Kubectl(clusterSettings().kubeconfig, namespace);
  chart = new Chart(clusterSettings(), namespace);
  // Pods that would not keep to the restricted standard are a warning, which kubectl writes to stderr.
  const labels = { 'pod-security.kubernetes.io/warn': 'restricted' };
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } });
});

afterAll(async () => {
  if (hasCluster()) await kubectl.run('delete', 'namespace', kubectl.namespace, '--timeout=3m');
});

beforeEach(needsCluster);

test.for(VALUE_SETS)(
  '%s: the API server and its webhooks take every object, without a warning',
  async (set, { skip }) => {
    const manifests = await chart.manifests(set);
    const dryRun = ['apply', '--dry-run=server', '--filename', '-'];
    const { stdout, stderr, code } = await kubectl.outcome(dryRun, manifests);
    const missing = stderr.match(/no matches for kind "\w+"/g);
    if (missing) return skip(`the cluster does not know an object of another product: ${missing.join(', ')}`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const objects = manifests.match(/^kind: /gm) ?? [];
    expect(stdout.trim().split('\n')).toHaveLength(objects.length);
  },
);
