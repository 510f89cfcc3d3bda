// SIGKILL to the first process of a container, by the kernel and without rights on the node: that process is made the
// first to go when memory is short, and then memory is made short. It is what a limit that is too low does.

import type { ContainerStatus, Pod } from './kubectl.ts';
import type { Scene } from './scene.ts';

/** Takes 16 MiB after 16 MiB, and writes to each, until the limit of the container. */
const HOG = 'const all = []; for (;;) all.push(Buffer.alloc(16 * 1024 * 1024, 1));';

export async function crash(scene: Scene, pod: Pod): Promise<void> {
  const command = `echo 1000 > /proc/1/oom_score_adj && exec node --eval '${HOG}'`;
  // It ends with the container, and so never well.
  await scene.kubectl.outcome(['exec', pod.metadata.name, '--', 'sh', '-c', command]);
}

export async function containerOf(scene: Scene, pod: Pod): Promise<ContainerStatus | undefined> {
  const now = await scene.kubectl.get<Pod>('pod', pod.metadata.name);
  return now.status.containerStatuses?.[0];
}
