// What the suite is told, all of it by variables: which cluster, which image of Rowparity, which images of servers.

import { existsSync } from 'node:fs';
import { outcomeOf } from './program.ts';

export interface ClusterSettings {
  readonly kubeconfig: string;
  readonly helm: string;
  /** REGISTRY/REPOSITORY:TAG, as the cluster knows it. */
  readonly image: { readonly registry: string; readonly repository: string; readonly tag: string };
  readonly servers: { readonly mysql: string; readonly redis: string; readonly kafka: string };
  /** Of each of the three large parts of the data. */
  readonly rows: number;
}

export const NO_CLUSTER =
  'ROWPARITY_TEST_KUBECONFIG names no cluster, and the tests make none (docs/kubernetes.md, "Tests")';

const ROWS = 200_000;

/** Undefined: no cluster was named. Throws when one was named that cannot be used. */
export async function readClusterSettings(
  env: NodeJS.ProcessEnv = process.env,
): Promise<ClusterSettings | undefined> {
  const kubeconfig = env.ROWPARITY_TEST_KUBECONFIG;
  if (!kubeconfig) return undefined;
  if (!existsSync(kubeconfig)) throw new Error(`ROWPARITY_TEST_KUBECONFIG: there is no file ${kubeconfig}`);
  const helm = env.ROWPARITY_HELM || 'helm';
  await expectAnswer('kubectl', ['--kubeconfig', kubeconfig, 'version']);
  await expectAnswer(helm, ['version']);
  return {
    kubeconfig,
    helm,
    image: imageOf(env.ROWPARITY_TEST_IMAGE),
    servers: {
      mysql: env.ROWPARITY_IMAGE_MYSQL || 'mysql:9.7',
      redis: env.ROWPARITY_IMAGE_REDIS || 'redis:8',
      kafka: env.ROWPARITY_IMAGE_KAFKA || 'apache/kafka:4.1.0',
    },
    rows: Number(env.ROWPARITY_TEST_CLUSTER_ROWS || ROWS),
  };
}

function imageOf(name = ''): ClusterSettings['image'] {
  const [, registry, repository, tag] = /^(.+)\/([^/:]+):([^/:]+)$/.exec(name) ?? [];
  if (registry && repository && tag) return { registry, repository, tag };
  throw new Error(
    `ROWPARITY_TEST_IMAGE: expected REGISTRY/REPOSITORY:TAG of deploy/Dockerfile, found "${name}"`,
  );
}

async function expectAnswer(program: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await outcomeOf(program, args).catch((error: Error) => ({
    code: -1,
    stderr: error.message,
  }));
  if (code !== 0) throw new Error(`the tests of the cluster need ${program}: ${stderr.trim()}`);
}
