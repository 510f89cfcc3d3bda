// A namespace of its own with Redis, the Secret and the chart, under the restricted pod standard. `close` removes it.

import { randomBytes } from 'node:crypto';
import { inject, onTestFailed } from 'vitest';
import { Chart, merged, RELEASE, type Values } from './chart.ts';
import { isReady, Kubectl, type Pod } from './kubectl.ts';
import { NAMESPACE_PREFIX } from './namespaces.ts';
import { serverObjects } from './serverObjects.ts';
import { Servers } from './servers.ts';
import type { ClusterOptions } from './settings.ts';

export type Service = 'coordinator' | 'worker' | 'reporter';
export const SERVICES = ['coordinator', 'worker', 'reporter'] as const;

const REDIS_WORD = 'hidden-redis';
/** A cluster for tests is small. */
const SMALL = { requests: { cpu: '50m', memory: '96Mi' } };

export function clusterSettings(): ClusterOptions {
  const provided = inject('cluster');
  if ('missing' in provided) throw new Error(provided.missing);
  return provided.found;
}

export class Scene {
  readonly kubectl: Kubectl;
  readonly chart: Chart;
  readonly servers: Servers;
  readonly #settings: ClusterOptions;
  readonly #secret: Readonly<Record<string, string>>;

  private constructor(settings: ClusterOptions, namespace: string) {
    this.#settings = settings;
    this.kubectl = new Kubectl(settings.kubeconfig, namespace);
    this.chart = new Chart(settings, namespace);
    this.servers = new Servers(settings);
    this.#secret = {
      'redis-url': `redis://:${REDIS_WORD}@redis.${namespace}.svc:6379`,
      'connection-source': this.servers.url('source'),
      'connection-destination': this.servers.url('destination'),
      'http-token': randomBytes(16).toString('hex'),
    };
  }

  static async open(name: string): Promise<Scene> {
    const scene = new Scene(
      clusterSettings(),
      `${NAMESPACE_PREFIX}${name}-${randomBytes(3).toString('hex')}`,
    );
    const labels = Object.fromEntries(
      ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
    );
    const metadata = { name: scene.namespace, labels };
    await scene.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata });
    await scene.kubectl.apply(...scene.#redis());
    await scene.kubectl.run('rollout', 'status', 'deployment/redis', '--timeout=3m');
    return scene;
  }

  get namespace(): string {
    return this.kubectl.namespace;
  }

  createSecret(): Promise<void> {
    const metadata = { name: RELEASE };
    return this.kubectl.apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: this.#secret });
  }

  /** The values of an installation in this scene, with these on top. */
  values(changes: Values = {}): Values {
    const here = { namespaces: [this.namespace] };
    const there = { namespaces: [this.servers.namespace] };
    const base = {
      image: this.#settings.image,
      kafka: { brokers: [this.servers.kafka] },
      secrets: { name: RELEASE },
      http: { token: { enabled: true } },
      networkPolicy: { egress: { redis: here, kafka: there, mysql: there } },
      coordinator: { resources: SMALL },
      worker: { replicas: 1, resources: SMALL },
      reporter: { replicas: 1, resources: SMALL },
    };
    return merged(base, changes);
  }

  async install(changes: Values = {}): Promise<void> {
    await this.createSecret();
    await this.chart.install(this.values(changes));
  }

  /** Those that are not on their way out. */
  async pods(service: Service): Promise<readonly Pod[]> {
    const all = await this.kubectl.list<Pod>('pods', '--selector', `app.kubernetes.io/component=${service}`);
    return all.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  async readyPods(service: Service): Promise<number> {
    return (await this.pods(service)).filter(isReady).length;
  }

  async replicas(service: Service = 'worker'): Promise<number> {
    const name = `deployment/${RELEASE}-${service}`;
    return Number(await this.kubectl.run('get', name, '--output', 'jsonpath={.spec.replicas}'));
  }

  async scale(replicas: number): Promise<void> {
    await this.kubectl.run('scale', `deployment/${RELEASE}-worker`, `--replicas=${replicas}`);
  }

  redisCli(...command: readonly string[]): Promise<string> {
    return this.kubectl.exec('deployment/redis', [
      'env',
      `REDISCLI_AUTH=${REDIS_WORD}`,
      'redis-cli',
      ...command,
    ]);
  }

  /** To be called in a test: what a person would look at, where it fails. */
  tellWhenFailed(): void {
    onTestFailed(async () => {
      const looks = [['get', 'pods', '--output', 'wide'], ['get', 'events'], ...SERVICES.map(logsOf)];
      for (const look of looks) {
        const { stdout, stderr } = await this.kubectl.outcome(look);
        console.error(`${this.namespace}: kubectl ${look.join(' ')}\n${stdout}${stderr}`);
      }
    });
  }

  async close(): Promise<void> {
    await this.chart.remove();
    await this.kubectl.run('delete', 'namespace', this.namespace, '--timeout=3m');
  }

  #redis() {
    const flags = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--requirepass', REDIS_WORD];
    return serverObjects({
      ...{ name: 'redis', image: this.#settings.servers.redis, port: 6379 },
      command: ['redis-server', '--dir', '/data', ...flags],
      dataFolder: '/data',
    });
  }
}

function logsOf(service: Service): string[] {
  return ['logs', '--selector', `app.kubernetes.io/component=${service}`, '--prefix', '--tail=20'];
}
