// Vitest's global setup of the project `cluster`: where a cluster is named, the servers that all its scenes share.
// Where none is, every test is skipped with that reason.

import type { TestProject } from 'vitest/node';
import { Servers } from './servers.ts';
import { type ClusterOptions, NO_CLUSTER, readClusterOptions } from './settings.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: { readonly found: ClusterOptions } | { readonly missing: string };
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const settings = await readClusterOptions();
  if (!settings) {
    say(`tests of the chart in a cluster are skipped: ${NO_CLUSTER}`);
    project.provide('cluster', { missing: NO_CLUSTER });
    return undefined;
  }
  const servers = new Servers(settings);
  await servers.start(say);
  await servers.createTopic('dbMove');
  project.provide('cluster', { found: settings });
  return () => servers.remove();
}

function say(line: string): void {
  console.error(`[cluster] ${line}`);
}
