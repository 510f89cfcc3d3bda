// Coordinator, workers and reporter, wired to given servers: what the demo and the end-to-end tests run against.

import { join } from 'node:path';
import { type Guardian, startGuardian } from '@rowparity/testkit';
import { type AppName, type AppProcess, lastLinesOf, startApp } from './appProcess.ts';
import { LEFTOVERS } from './root.ts';

export interface SystemOptions {
  /** Names the folder of the logs. */
  readonly label: string;
  readonly redisUrl: string;
  readonly brokers: readonly string[];
  /** Connection name to mysql:// URL with a database; known to the coordinator and every worker. */
  readonly connections: Readonly<Record<string, string>>;
  readonly workers?: number;
  readonly coordinators?: number;
  readonly concurrency?: number;
  /** More variables, for all apps. */
  readonly env?: Readonly<Record<string, string>>;
  /** How soon a silent process is replaced. */
  readonly times?: Partial<Times>;
}

export interface Times {
  readonly lockMs: number;
  readonly stalledCheckMs: number;
  readonly leaseMs: number;
}

export interface System {
  /** Of one that lives. */
  readonly coordinatorUrl: string;
  readonly reporterUrl: string;
  readonly logFolder: string;
  readonly times: Times;
  /** The coordinator that plans and settles now. */
  leader(): Promise<AppProcess>;
  /** Those that live. */
  apps(app: AppName): readonly AppProcess[];
  /** `env` is added to what such an app is given. */
  start(app: AppName, env?: Readonly<Record<string, string>>): Promise<AppProcess>;
  end(app: AppProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** From now on this one is expected to end. */
  expectEnd(app: AppProcess): void;
  /** Aborted, with the end of its log as the reason, when an app ends unexpectedly. */
  readonly broken: AbortSignal;
  lastLogLines(): Promise<string>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const WORKERS_DEFAULT = 2;
const CONCURRENCY_DEFAULT = 2;
/** Small, so that the shards of a killed worker are taken up again within seconds. */
const TIMES: Times = { lockMs: 4000, stalledCheckMs: 1000, leaseMs: 1000 };

export async function startSystem(options: SystemOptions): Promise<System> {
  const guardian = await startGuardian();
  const apps = new Apps(options, guardian);
  try {
    const { coordinators = 1, workers = WORKERS_DEFAULT } = options;
    const many = (app: AppName, length: number) => Array.from({ length }, () => apps.start(app));
    await allOrError([
      ...many('coordinator', coordinators),
      ...many('reporter', 1),
      ...many('worker', workers),
    ]);
    return systemOf(apps);
  } catch (error) {
    await apps.stop();
    throw error;
  }
}

function systemOf(apps: Apps): System {
  return {
    get coordinatorUrl() {
      return apps.urlOf('coordinator');
    },
    get reporterUrl() {
      return apps.urlOf('reporter');
    },
    logFolder: apps.logFolder,
    times: apps.times,
    leader: () => untilLeader(apps),
    apps: (app) => apps.living(app),
    start: (app, env) => apps.start(app, env),
    async end(app, signal) {
      apps.running.delete(app);
      await (signal === 'SIGKILL' ? app.kill() : app.stop());
    },
    expectEnd: (app) => void apps.running.delete(app),
    broken: apps.broken.signal,
    lastLogLines: () => apps.lastLogLines(),
    stop: () => apps.stop(),
    [Symbol.asyncDispose]: () => apps.stop(),
  };
}

const LEADER_MS_MAX = 10_000;

async function untilLeader(apps: Apps): Promise<AppProcess> {
  const endMs = performance.now() + LEADER_MS_MAX;
  while (performance.now() < endMs) {
    for (const coordinator of apps.living('coordinator')) {
      if (await isLeading(coordinator)) return coordinator;
    }
  }
  throw new Error('no coordinator leads');
}

async function isLeading({ url }: AppProcess): Promise<boolean> {
  const metrics = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(1000) })
    .then((answer) => answer.text())
    .catch(() => '');
  return /^rowparity_coordinator_leading(?:\{[^}]*\})? 1$/m.test(metrics);
}

class Apps {
  readonly running = new Set<AppProcess>();
  readonly broken = new AbortController();
  readonly logFolder: string;
  readonly times: Times;
  readonly #options: SystemOptions;
  readonly #guardian: Guardian;
  readonly #started: AppProcess[] = [];
  readonly #named = new Map<AppName, number>();

  constructor(options: SystemOptions, guardian: Guardian) {
    this.#options = options;
    this.#guardian = guardian;
    this.times = { ...TIMES, ...options.times };
    this.logFolder = join(LEFTOVERS, 'logs', options.label);
  }

  living(app: AppName): AppProcess[] {
    return [...this.running].filter(({ name }) => name.startsWith(app));
  }

  urlOf(app: AppName): string {
    const [first] = this.living(app);
    if (first) return first.url;
    throw new Error(`no ${app} lives`);
  }

  async start(app: AppName, more: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const { logFolder } = this;
    const count = (this.#named.get(app) ?? 0) + 1;
    this.#named.set(app, count);
    const name = `${app}-${count}`;
    const env = { ...this.#envOf(app), ...this.#options.env, ...more };
    const started = await startApp({ app, name, env, logFolder, guardian: this.#guardian });
    this.running.add(started);
    this.#started.push(started);
    void started.exited.then(async ({ code, signal }) => {
      // A test that ends an app on purpose takes it out first.
      if (!this.running.delete(started)) return;
      const message = `${name} ended by itself (${signal ?? `exit code ${code}`})\n${await lastLinesOf(started)}`;
      this.broken.abort(new Error(message));
    });
    return started;
  }

  async lastLogLines(): Promise<string> {
    return (await Promise.all(this.#started.map(lastLinesOf))).join('\n');
  }

  async stop(): Promise<void> {
    const apps = [...this.running];
    this.running.clear();
    for (const app of apps) app.resume();
    await Promise.all(apps.map((app) => app.stop()));
    await this.#guardian.end();
  }

  #envOf(app: AppName): Record<string, string> {
    const { redisUrl, brokers, connections, concurrency = CONCURRENCY_DEFAULT } = this.#options;
    const shared = { ROWPARITY_REDIS_URL: redisUrl, ROWPARITY_LOG_LEVEL: 'info' };
    if (app === 'reporter') return shared;
    const topics = { ROWPARITY_EVENT_TOPICS: '*' };
    const urls = Object.entries(connections).map(([name, url]) => [
      `ROWPARITY_CONNECTION_${name.toUpperCase()}`,
      url,
    ]);
    const { lockMs, stalledCheckMs, leaseMs } = this.times;
    if (app === 'coordinator') {
      return {
        ...shared,
        ...topics,
        ...Object.fromEntries(urls),
        ROWPARITY_KAFKA_BROKERS: brokers.join(','),
        ROWPARITY_LEASE_MS: String(leaseMs),
      };
    }
    return {
      ...shared,
      ...topics,
      ...Object.fromEntries(urls),
      ROWPARITY_KAFKA_BROKERS: brokers.join(','),
      ROWPARITY_CONCURRENCY: String(concurrency),
      ROWPARITY_LOCK_MS: String(lockMs),
      ROWPARITY_STALLED_CHECK_MS: String(stalledCheckMs),
    };
  }
}

/** Waits for all, so that nothing is left starting, and then throws the first error. */
async function allOrError<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
