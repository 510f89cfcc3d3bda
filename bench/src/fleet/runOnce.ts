/** One run by the workers that there are now: how fast it went, and what the processes used. */
import type { Ledger } from '@rowparity/core';
import { type System, submitRun, untilSettled } from '@rowparity/harness';
import { workedMs } from '../ledger/workedMs.ts';
import { byApp, type CpuReading, cpuBetween, readCpu } from '../shared/cpuReading.ts';
import { busyBetween, cpuTimes } from '../shared/machineBusy.ts';
import { memoryMiBOf } from '../shared/processCpu.ts';
import type { Redis } from '../shared/redisUsage.ts';

/** As `rowparity watch` asks. */
const POLL_MS = 1000;

export interface Fleet {
  readonly system: System;
  readonly redis: Redis;
  readonly ledger: Ledger;
}

export interface RunMeasured {
  readonly workers: number;
  readonly shards: number;
  /** Rows of the larger side. */
  readonly rows: number;
  /** From the first claim to the last outcome. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** From the order to the verdict: planning and settling come on top. */
  readonly orderedSeconds: number;
  /** Processor seconds; `workers` is the sum of them, `links` what the slow links cost. */
  readonly cpuSeconds: CpuReading;
  readonly workerMiB: number;
  /** Of the whole machine, 0 to 1: near 1, the processor was the limit. */
  readonly machineBusy: number;
}

export async function runOnce(
  { system, redis, ledger }: Fleet,
  run: { readonly runId: string; readonly table: string; readonly shardRows?: number },
): Promise<RunMeasured> {
  const { runId } = run;
  const workers = system.apps('worker');
  const pids = Object.fromEntries(
    (['coordinator', 'reporter', 'worker'] as const).flatMap((app) =>
      system.apps(app).map(({ name, pid }) => [name, pid]),
    ),
  );
  const before = { cpu: await readCpu(redis, pids), machine: cpuTimes(), links: process.cpuUsage() };
  const begin = performance.now();
  await submitRun(system.coordinatorUrl, {
    version: 1,
    runId,
    source: 'source',
    destination: 'destination',
    direction: 'SRC',
    tables: [{ name: run.table }],
    ...(run.shardRows ? { shard: { rows: run.shardRows } } : {}),
  });
  const { reporterUrl, broken } = system;
  const report = await untilSettled({ reporterUrl, runId, signal: broken, pollMs: POLL_MS });
  const orderedSeconds = (performance.now() - begin) / 1000;
  if (report.verdict !== 'consistent') {
    throw new Error(`${runId} ended ${report.verdict}: ${JSON.stringify(report.failures)}`);
  }
  const used = cpuBetween(before.cpu, await readCpu(redis, pids));
  const links = process.cpuUsage(before.links);
  const machineBusy = busyBetween(before.machine, cpuTimes());
  const seconds = (await workedMs(ledger, runId, report.shards.total)) / 1000;
  const memory = await Promise.all(workers.map(({ pid }) => memoryMiBOf(pid)));
  const rows = Math.max(report.counts.rowsBase, report.counts.rowsTarget);
  return {
    workers: workers.length,
    shards: report.shards.total,
    rows,
    seconds,
    rowsPerSecond: rows / seconds,
    orderedSeconds,
    cpuSeconds: { ...byApp(used), links: (links.user + links.system) / 1e6 },
    workerMiB: Math.max(...memory),
    machineBusy,
  };
}
