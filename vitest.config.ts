// The vitest projects: a test file's suffix says which servers it needs. Real ones; testkit finds or starts them, once
// for all projects of a run. `helm` needs no server but the helm program, which it compiles where there is Go.
// `cluster` installs the chart in the cluster that ROWPARITY_TEST_KUBECONFIG names, and is skipped where none is named.

import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

/** Two: the servers under test want the cores as well. */
const WORKERS_MAX = 2;
/** No servers, but a machine may be shared: a test that hangs is found, a slow machine is no failure. */
const UNIT_TEST_TIMEOUT_MS = 60_000;
const POLL_TIMEOUT_MS = 20_000;
/** A server's first answer, a fresh database, a run from end to end: on a busy machine all take their time. */
const HOOK_TIMEOUT_MS = 180_000;
const SERVER_TEST_TIMEOUT_MS = 60_000;
const E2E_TEST_TIMEOUT_MS = 180_000;

/** Pods start, autoscalers look once in 15 s and more, and a drain has its grace period. */
const CLUSTER_POLL_TIMEOUT_MS = 180_000;
const CLUSTER_TEST_TIMEOUT_MS = 20 * 60_000;

const SUFFIXES = ['mysql', 'redis', 'kafka', 'e2e'] as const;
type Suffix = (typeof SUFFIXES)[number];

function include(suffix: string): string[] {
  return [`{apps,packages,bench,e2e,harness}/**/src/**/*.${suffix}.ts`, `scripts/**/*.${suffix}.ts`];
}

function projectWithServers(suffix: Suffix): TestProjectConfiguration {
  const isE2e = suffix === 'e2e';
  return {
    test: {
      name: suffix,
      include: include(`${suffix}.test`),
      globalSetup: `./packages/testkit/src/vitest/globalSetup.${suffix}.ts`,
      expect: { poll: { timeout: POLL_TIMEOUT_MS } },
      testTimeout: isE2e ? E2E_TEST_TIMEOUT_MS : SERVER_TEST_TIMEOUT_MS,
      hookTimeout: HOOK_TIMEOUT_MS,
      // The whole system alone on the machine, after all else.
      ...(isE2e ? { fileParallelism: false, sequence: { groupOrder: 1 } } : { maxWorkers: WORKERS_MAX }),
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: WORKERS_MAX,
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: UNIT_TEST_TIMEOUT_MS,
          expect: { poll: { timeout: POLL_TIMEOUT_MS } },
          include: include('test'),
          exclude: [
            '**/node_modules/**',
            ...[...SUFFIXES, 'helm', 'cluster'].map((suffix) => `**/*.${suffix}.test.ts`),
          ],
          maxWorkers: WORKERS_MAX,
        },
      },
      {
        test: {
          name: 'helm',
          include: ['scripts/**/*.helm.test.ts'],
          globalSetup: './scripts/helm/globalSetup.ts',
          testTimeout: SERVER_TEST_TIMEOUT_MS,
          maxWorkers: WORKERS_MAX,
        },
      },
      ...SUFFIXES.map(projectWithServers),
      {
        test: {
          name: 'cluster',
          include: ['e2e/src/cluster/*.cluster.test.ts'],
          globalSetup: './e2e/src/cluster/testing/globalSetup.ts',
          expect: { poll: { timeout: CLUSTER_POLL_TIMEOUT_MS, interval: 500 } },
          testTimeout: CLUSTER_TEST_TIMEOUT_MS,
          hookTimeout: CLUSTER_TEST_TIMEOUT_MS,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
