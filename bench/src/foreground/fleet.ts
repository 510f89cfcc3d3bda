/** A fleet that works on one run after the other for as long as the foreground is measured. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelRun, readReport, type System, startSystem, submitRun, untilSettled } from '@rowparity/harness';

export interface Fleet {
  /** Resolves when rows are being read. */
  begin(): Promise<void>;
  /** Rows a second of both sides since it began. */
  end(): Promise<number>;
  stop(): Promise<void>;
}

export interface FleetInput {
  readonly redisUrl: string;
  readonly brokers: readonly string[];
  readonly connections: Readonly<Record<'source' | 'destination', string>>;
  readonly table: string;
  readonly topic: string;
  readonly env: Readonly<Record<string, string>>;
  /** Number of the Redis database. */
  readonly redisDatabase: number;
}

const POLL_MS = 100;

export async function startFleet(input: FleetInput): Promise<Fleet> {
  const { redisUrl, brokers, connections, env, redisDatabase } = input;
  const system = await startSystem({
    label: `bench-foreground-${redisDatabase}`,
    redisUrl: `${redisUrl.replace(/\/+$/, '')}/${redisDatabase}`,
    brokers,
    ...{ connections, env, workers: 2, concurrency: 4 },
  });
  let working: Work | undefined;
  return {
    async begin() {
      working = new Work(system, input);
      await working.reading();
    },
    end: async () => (await working?.end()) ?? 0,
    stop: () => system.stop(),
  };
}

let runs = 0;

class Work {
  readonly #system: System;
  readonly #input: FleetInput;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  readonly #done: string[] = [];
  #beganAtMs = 0;

  constructor(system: System, input: FleetInput) {
    this.#system = system;
    this.#input = input;
    this.#loop = this.#keepRunning();
    this.#loop.catch(() => undefined);
  }

  async reading(): Promise<void> {
    while ((await this.#rows()) === 0) await Promise.race([sleep(POLL_MS), this.#failed()]);
    this.#beganAtMs = performance.now() - POLL_MS;
  }

  async end(): Promise<number> {
    const rows = await this.#rows();
    const seconds = (performance.now() - this.#beganAtMs) / 1000;
    this.#stop.abort();
    await this.#loop;
    return Math.round(rows / seconds);
  }

  async #failed(): Promise<void> {
    await this.#loop;
  }

  async #rows(): Promise<number> {
    const { reporterUrl } = this.#system;
    const reports = await Promise.all(this.#done.map((runId) => readReport(reporterUrl, runId)));
    return reports.reduce((sum, { counts }) => sum + counts.rowsBase + counts.rowsTarget, 0);
  }

  async #keepRunning(): Promise<void> {
    const { coordinatorUrl, reporterUrl, broken } = this.#system;
    const { table, topic } = this.#input;
    while (!this.#stop.signal.aborted) {
      runs += 1;
      const runId = `foreground-${process.pid}-${runs}`;
      await submitRun(coordinatorUrl, {
        ...{ version: 1, runId, source: 'source', destination: 'destination', direction: 'SRC' },
        ...{ tables: [{ name: table }], shard: { rows: 10_000 }, events: { topic } },
      });
      this.#done.push(runId);
      const signal = AbortSignal.any([broken, this.#stop.signal]);
      const report = await untilSettled({ reporterUrl, runId, signal, pollMs: POLL_MS }).catch((error) => {
        if (!this.#stop.signal.aborted) throw error;
        return undefined;
      });
      if (!report) await cancelRun(coordinatorUrl, runId);
      else if (report.verdict !== 'consistent') throw new Error(`${runId} ended ${report.verdict}`);
    }
  }
}
