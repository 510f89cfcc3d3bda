// Whether one pod reaches another. A pod of the image of Rowparity, which has Node, listens and can be told to connect.

import type { Kubectl } from './kubectl.ts';
import type { ClusterOptions } from './settings.ts';

export const PROBE_PORT = 9000;

const LISTEN = `require('node:net').createServer((socket) => socket.end()).listen(${PROBE_PORT})`;
/** A policy lets a packet vanish or refuses it: both are closed. */
const CONNECT = `
  const [host, port] = process.argv.slice(1);
  const socket = require('node:net').connect({ host, port: Number(port), timeout: 3000 });
  const tell = (word) => { process.stdout.write(word); process.exit(0); };
  socket.on('connect', () => tell('open')).on('timeout', () => tell('closed')).on('error', () => tell('closed'));`;

interface ProbeInput {
  readonly kubectl: Kubectl;
  readonly name: string;
  readonly image: ClusterOptions['image'];
}

export async function startProbe({ kubectl, name, image }: ProbeInput): Promise<void> {
  const { registry, repository, tag } = image;
  const container = {
    ...{ name: 'probe', image: `${registry}/${repository}:${tag}`, imagePullPolicy: 'IfNotPresent' },
    command: ['node', '--eval', LISTEN],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  await kubectl.apply({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { probe: name } } },
    spec: {
      ...{ automountServiceAccountToken: false, enableServiceLinks: false, containers: [container] },
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    },
  });
  await kubectl.run('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=2m');
}

/** `place`: a pod, or `deployment/NAME`. */
export async function reaches(kubectl: Kubectl, place: string, address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return (await kubectl.exec(place, ['node', '--eval', CONNECT, host, port])) === 'open';
}
