// The objects of a server for the tests: a Deployment of one pod and its Service. Data goes with the pod.

import type { KubeObject } from './kubectl.ts';

export interface ServerInput {
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Answers with 0 when the server does; its port alone may open too early. */
  readonly readiness?: readonly string[];
  /** A folder that outlives the container; with it the pod keeps to the restricted standard. */
  readonly dataFolder?: string;
}

const UNPRIVILEGED = {
  ...{ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
  seccompProfile: { type: 'RuntimeDefault' },
};

export function serverObjects(server: ServerInput): readonly KubeObject[] {
  const { name, port, dataFolder } = server;
  const labels = { app: name };
  const pod = {
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 5,
    containers: [containerOf(server)],
    ...(dataFolder ? { securityContext: UNPRIVILEGED, volumes: [{ name: 'data', emptyDir: {} }] } : {}),
  };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: labels, ports: [{ port }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: pod },
      },
    },
  ];
}

function containerOf({ name, image, port, command, args, env, readiness, dataFolder }: ServerInput) {
  const probe = readiness
    ? { exec: { command: readiness }, timeoutSeconds: 10 }
    : { tcpSocket: { port }, timeoutSeconds: 5 };
  return {
    ...{ name, image, imagePullPolicy: 'IfNotPresent' },
    ...(command ? { command } : {}),
    ...(args ? { args } : {}),
    env: Object.entries(env ?? {}).map(([variable, value]) => ({ name: variable, value })),
    readinessProbe: { ...probe, periodSeconds: 3 },
    ...(dataFolder
      ? {
          volumeMounts: [{ name: 'data', mountPath: dataFolder }],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        }
      : {}),
  };
}
