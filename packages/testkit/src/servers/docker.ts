// One container through Testcontainers, on a host port chosen by us so that it keeps it over a restart.
// The only file that knows Testcontainers; loaded only when the docker way is tried, because it is heavy.

import { freePort } from '../proxy/freePort.ts';
import type { Faults } from './server.ts';
import { type Answers, untilAnswers } from './untilAnswers.ts';

export interface ContainerPlan {
  readonly image: string;
  readonly containerPort: number;
  readonly environment: (address: HostPort) => Record<string, string>;
  readonly command?: readonly string[];
  readonly answers: (address: HostPort) => ReturnType<Answers>;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export type RunningContainer = HostPort & Faults & { readonly way: 'docker'; stop(): Promise<void> };

// Includes what a server does before it listens; pulling is not in it.
const START_DEADLINE_MS = 120_000;

/** Usual on many machines, so it is not logged. */
export class NoDockerEngine extends Error {}

export async function startContainer(plan: ContainerPlan): Promise<RunningContainer> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  const client = await getContainerRuntimeClient().catch((cause: unknown) => {
    throw new NoDockerEngine('no Docker engine answers', { cause });
  });
  const address: HostPort = { host: ipv4(client.info.containerRuntime.host), port: await freePort() };
  const container = await new GenericContainer(plan.image)
    .withExposedPorts({ container: plan.containerPort, host: address.port })
    .withEnvironment(plan.environment(address))
    .withCommand([...(plan.command ?? [])])
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_DEADLINE_MS)
    .start();
  const handle = client.container.getById(container.getId());
  const ready = () => untilAnswers(() => plan.answers(address), { deadlineMs: START_DEADLINE_MS });
  const stop = async () => void (await container.stop({ remove: true, removeVolumes: true, timeout: 0 }));
  try {
    await ready();
  } catch (cause) {
    await stop();
    throw new Error(`the container of ${plan.image} does not answer`, { cause });
  }
  return {
    ...address,
    way: 'docker',
    stop,
    kill: async () => {
      await handle.kill();
      await handle.wait();
    },
    pause: async () => void (await handle.pause()),
    resume: async () => void (await handle.unpause()),
    start: async () => {
      await handle.start();
      await ready();
    },
  };
}

/** `localhost` may mean ::1, where Docker need not listen. */
function ipv4(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host;
}
