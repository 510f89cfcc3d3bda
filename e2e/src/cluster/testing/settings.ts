// What the suite is told, all of it by variables: which cluster, which image of Rowparity, which images of servers.

import { existsSync } from 'node:fs';
import { outputOf } from './program.ts';

export interface ClusterOptions {
  readonly kubeconfig: string;
  /** Of the API server, as vX.Y.Z. */
  readonly version: string;
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
export async function readClusterOptions(
  env: NodeJS.ProcessEnv = process.env,
): Promise<ClusterOptions | undefined> {
  const kubeconfig = env.ROWPARITY_TEST_KUBECONFIG;
  if (!kubeconfig) return undefined;
  if (!existsSync(kubeconfig)) throw new Error(`ROWPARITY_TEST_KUBECONFIG: there is no file ${kubeconfig}`);
  const helm = env.ROWPARITY_HELM || 'helm';
  const told = await answerOf('kubectl', ['--kubeconfig', kubeconfig, 'version', '--output', 'json']);
  const { serverVersion } = JSON.parse(told) as { readonly serverVersion: { readonly gitVersion: string } };
  await answerOf(helm, ['version']);
  return {
    kubeconfig,
    version: serverVersion.gitVersion,
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

function imageOf(name = ''): ClusterOptions['image'] {
  const [, registry, repository, tag] = /^(.+)\/([^/:]+):([^/:]+)$/.exec(name) ?? [];
  if (registry && repository && tag) return { registry, repository, tag };
  throw new Error(
    `ROWPARITY_TEST_IMAGE: expected REGISTRY/REPOSITORY:TAG of deploy/Dockerfile, found "${name}"`,
  );
}

function answerOf(program: string, args: readonly string[]): Promise<string> {
  return outputOf(program, args).catch((cause: Error) => {
    throw new Error(`the tests of the cluster need ${program}: ${cause.message.trim()}`, { cause });
  });
}
