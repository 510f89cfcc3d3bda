// What the drain of a node asks for each of its pods, so that one pod can be drained on a cluster of one node.

import type { Pod } from './kubectl.ts';
import type { Scene } from './scene.ts';

/** `refused`: the PodDisruptionBudget allows no other one now. */
export async function evict(scene: Scene, { metadata: { name } }: Pod): Promise<'evicted' | 'refused'> {
  const { namespace } = scene;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  const { code, stderr } = await scene.kubectl.outcome(
    ['create', '--raw', path, '--filename', '-'],
    JSON.stringify(eviction),
  );
  if (code === 0) return 'evicted';
  if (stderr.includes('disruption budget')) return 'refused';
  throw new Error(`the eviction of ${name} failed: ${stderr}`);
}
