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
  readonly concurrency?: number;
}

export interface System {
  readonly coordinatorUrl: string;
  readonly reporterUrl: string;
  readonly logFolder: string;
  /** Those that live. */
  workers(): readonly AppProcess[];
  startWorker(): Promise<AppProcess>;
  /** SIGKILL. */
  killWorker(worker: AppProcess): Promise<void>;
  /** Aborted, with the end of its log as the reason, when an app ends that nobody stopped. */
  readonly broken: AbortSignal;
  lastLogLines(): Promise<string>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const WORKERS_DEFAULT = 2;
const CONCURRENCY_DEFAULT = 2;
/** Small, so that the shards of a killed worker are taken up again within seconds. */
const LOCK_MS = 4000;
const STALLED_CHECK_MS = 1000;

export async function startSystem(options: SystemOptions): Promise<System> {
  const guardian = await startGuardian();
  const apps = new Apps(options, guardian);
  try {
    const workerCount = options.workers ?? WORKERS_DEFAULT;
    const [coordinator, reporter] = await allOrError([
      apps.start('coordinator', 'coordinator'),
      apps.start('reporter', 'reporter'),
      ...Array.from({ length: workerCount }, () => apps.startWorker()),
    ]);
    return systemOf(apps, { coordinatorUrl: coordinator?.url ?? '', reporterUrl: reporter?.url ?? '' });
  } catch (error) {
    await apps.stop();
    throw error;
  }
}

function systemOf(apps: Apps, urls: Pick<System, 'coordinatorUrl' | 'reporterUrl'>): System {
  return {
    ...urls,
    logFolder: apps.logFolder,
    workers: () => [...apps.running].filter(({ name }) => name.startsWith('worker')),
    startWorker: () => apps.startWorker(),
    async killWorker(worker) {
      apps.running.delete(worker);
      await worker.kill();
    },
    broken: apps.broken.signal,
    lastLogLines: () => apps.lastLogLines(),
    stop: () => apps.stop(),
    [Symbol.asyncDispose]: () => apps.stop(),
  };
}

class Apps {
  readonly running = new Set<AppProcess>();
  readonly broken = new AbortController();
  readonly logFolder: string;
  readonly #options: SystemOptions;
  readonly #guardian: Guardian;
  readonly #started: AppProcess[] = [];
  #workersNamed = 0;

  constructor(options: SystemOptions, guardian: Guardian) {
    this.#options = options;
    this.#guardian = guardian;
    this.logFolder = join(LEFTOVERS, 'logs', options.label);
  }

  async start(app: AppName, name: string): Promise<AppProcess> {
    const { logFolder } = this;
    const started = await startApp({ app, name, env: this.#envOf(app), logFolder, guardian: this.#guardian });
    this.running.add(started);
    this.#started.push(started);
    void started.exited.then(async ({ code, signal }) => {
      // Whoever ends an app on purpose takes it out first.
      if (!this.running.delete(started)) return;
      const message = `${name} ended by itself (${signal ?? `exit code ${code}`})\n${await lastLinesOf(started)}`;
      this.broken.abort(new Error(message));
    });
    return started;
  }

  startWorker(): Promise<AppProcess> {
    this.#workersNamed += 1;
    return this.start('worker', `worker-${this.#workersNamed}`);
  }

  async lastLogLines(): Promise<string> {
    return (await Promise.all(this.#started.map(lastLinesOf))).join('\n');
  }

  async stop(): Promise<void> {
    const apps = [...this.running];
    this.running.clear();
    await Promise.all(apps.map((app) => app.stop()));
    await this.#guardian.end();
  }

  #envOf(app: AppName): Record<string, string> {
    const { redisUrl, brokers, connections, concurrency = CONCURRENCY_DEFAULT } = this.#options;
    const shared = { ROWPARITY_REDIS_URL: redisUrl, ROWPARITY_LOG_LEVEL: 'info' };
    if (app === 'reporter') return shared;
    const urls = Object.entries(connections).map(([name, url]) => [
      `ROWPARITY_CONNECTION_${name.toUpperCase()}`,
      url,
    ]);
    if (app === 'coordinator') return { ...shared, ...Object.fromEntries(urls) };
    return {
      ...shared,
      ...Object.fromEntries(urls),
      ROWPARITY_KAFKA_BROKERS: brokers.join(','),
      ROWPARITY_CONCURRENCY: String(concurrency),
      ROWPARITY_LOCK_MS: String(LOCK_MS),
      ROWPARITY_STALLED_CHECK_MS: String(STALLED_CHECK_MS),
    };
  }
}

/** Waits for all, so that nothing is left starting, and then throws the first error. */
async function allOrError<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
