// SIGKILL to the first process of a container, by the kernel and without rights on the node: memory is made short by
// many processes, each smaller than the first one, which the kernel therefore takes. A limit that is too low does that.

import type { ContainerStatus, Pod } from './kubectl.ts';
import type { Scene } from './scene.ts';

/** Some 45 MiB of its own each, beside what all share: together more than the limit of a worker. */
const HOGS = 16;
const HOG = 'globalThis.held = Buffer.alloc(32 * 1024 * 1024, 1); setInterval(() => {}, 1000);';

export async function crash(scene: Scene, pod: Pod): Promise<void> {
  const hogs = Array(HOGS).fill(`node --eval '${HOG}' &`).join(' ');
  // First in the kernel's order also where the sizes are close.
  const command = `echo 1000 > /proc/1/oom_score_adj; ${hogs} wait`;
  // They end with the container, and so never well.
  await scene.kubectl.outcome(['exec', pod.metadata.name, '--', 'sh', '-c', command]);
}

export async function containerOf(scene: Scene, pod: Pod): Promise<ContainerStatus | undefined> {
  const now = await scene.kubectl.get<Pod>('pod', pod.metadata.name);
  return now.status.containerStatuses?.[0];
}
