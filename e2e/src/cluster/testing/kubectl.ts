// kubectl in one namespace of the cluster. Objects go in and come out as JSON.

import { type Outcome, outcomeOf, outputOf } from './program.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly [field: string]: unknown;
}

export interface Pod extends KubeObject {
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface ContainerStatus {
  readonly restartCount: number;
  readonly lastState: {
    readonly terminated?: { readonly exitCode: number; readonly reason: string };
  };
}

export class Kubectl {
  readonly namespace: string;
  readonly #flags: readonly string[];

  constructor(kubeconfig: string, namespace: string) {
    this.namespace = namespace;
    this.#flags = ['--kubeconfig', kubeconfig, '--namespace', namespace];
  }

  run(...args: readonly string[]): Promise<string> {
    return outputOf('kubectl', [...this.#flags, ...args]);
  }

  outcome(args: readonly string[], input?: string): Promise<Outcome> {
    return outcomeOf('kubectl', [...this.#flags, ...args], input === undefined ? {} : { input });
  }

  async apply(...objects: readonly KubeObject[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await outputOf('kubectl', [...this.#flags, 'apply', '--filename', '-'], { input });
  }

  async get<T extends KubeObject>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.run('get', ...args, '--output', 'json')) as T;
  }

  async list<T extends KubeObject>(...args: readonly string[]): Promise<readonly T[]> {
    return (await this.get<KubeObject & { readonly items: readonly T[] }>(...args)).items;
  }

  /** In a pod, or in one of a Deployment: `deployment/NAME`. */
  exec(place: string, command: readonly string[], input = ''): Promise<string> {
    return outputOf('kubectl', [...this.#flags, 'exec', '--stdin', place, '--', ...command], { input });
  }
}

export function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
