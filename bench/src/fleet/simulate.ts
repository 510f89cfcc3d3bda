/**
 * A run of a million shards in the ledger, with a real coordinator and reporter, and workers that claim and finish and
 * read nothing: what coordinator, queue and ledger cost without rows.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type ShardJob, zeroCounts } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { readReport, type System } from '@rowparity/harness';
import { closeRedis, createShardWorker } from '@rowparity/redis';
import { systemClock } from '@rowparity/runtime';
import { writeRun } from '../ledger/writeRun.ts';
import { type CpuReading, cpuBetween, readCpu } from '../shared/cpuReading.ts';
import { busyBetween, cpuTimes } from '../shared/machineBusy.ts';
import { openRedis, type Redis, redisUsage } from '../shared/redisUsage.ts';

const RUN_ID = 'simulated';
const ROWS = 100_000;
const MIB = 1024 * 1024;
/** Of the coordinator: four looks a second at every open run. */
const LOOKS_A_SECOND = 4;
/** As `rowparity watch` asks. */
const POLL_MS = 1000;
/** The coordinator's start and the first window are not measured. */
const SETTLE_MS = 4000;
/** Shards that the simulated workers hold at once: a fleet of eight with the default concurrency. */
const HELD = 32;

export interface SimulateOf {
  readonly system: System;
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly ledger: Ledger;
  readonly shards: number;
  readonly seconds: number;
}

export interface PhaseMeasured {
  readonly seconds: number;
  readonly shardsDone: number;
  /** Processor seconds. */
  readonly cpuSeconds: CpuReading;
  readonly machineBusy: number;
}

export interface Simulated {
  readonly shards: number;
  readonly redisMiB: number;
  /** No worker runs: the coordinator looks at a full window. */
  readonly waiting: PhaseMeasured;
  readonly coordinatorMsPerLook: number;
  /** Shards end as fast as they can. */
  readonly working: PhaseMeasured;
}

export async function simulate(input: SimulateOf): Promise<Simulated> {
  const { system, redis, ledger, shards } = input;
  for (const app of system.apps('coordinator')) await system.end(app, 'SIGTERM');
  const before = await redisUsage(redis);
  await writeRun(ledger, { runId: RUN_ID, shards, rowsAShard: ROWS });
  const redisMiB = ((await redisUsage(redis)).memoryBytes - before.memoryBytes) / MIB;
  // A coordinator that found the run unplanned would plan it itself.
  await system.start('coordinator');
  await sleep(SETTLE_MS);
  const waiting = await phase(input);
  const stop = await startWorkers(input);
  const working = await phase(input);
  await stop();
  const coordinator = waiting.cpuSeconds.coordinator ?? Number.NaN;
  const coordinatorMsPerLook = (coordinator * 1000) / (waiting.seconds * LOOKS_A_SECOND);
  return { shards, redisMiB, waiting, coordinatorMsPerLook, working };
}

async function phase({ system, redis, seconds }: SimulateOf): Promise<PhaseMeasured> {
  const pids = Object.fromEntries(
    (['coordinator', 'reporter'] as const).flatMap((app) =>
      system.apps(app).map(({ pid }) => [app, pid] as const),
    ),
  );
  const done = async () => {
    const { match } = (await readReport(system.reporterUrl, RUN_ID)).shards;
    return match;
  };
  const before = { done: await done(), cpu: await readCpu(redis, pids), machine: cpuTimes() };
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1000) {
    await sleep(POLL_MS);
    await done();
  }
  const after = { done: await done(), cpu: await readCpu(redis, pids), machine: cpuTimes() };
  return {
    seconds: (performance.now() - begin) / 1000,
    shardsDone: after.done - before.done,
    cpuSeconds: cpuBetween(before.cpu, after.cpu),
    machineBusy: busyBetween(before.machine, after.machine),
  };
}

async function startWorkers({ redisUrl, ledger }: SimulateOf): Promise<() => Promise<void>> {
  const jobs = openRedis(redisUrl, 'jobs');
  const worker = createShardWorker({
    clock: systemClock,
    redis: jobs,
    concurrency: HELD,
    onError: (error) => process.stderr.write(`${error.message}\n`),
    handle: (job) => claimAndFinish(ledger, job),
  });
  await worker.ready();
  return async () => {
    await worker.drain();
    await closeRedis(jobs);
  };
}

async function claimAndFinish(ledger: Ledger, { runId, shard }: ShardJob): Promise<'done'> {
  const claim = { runId, shard, holder: 'simulated', strikesMax: 10, now: Date.now() };
  const claimed = await ledger.claim(claim);
  if (claimed.kind !== 'claimed') return 'done';
  const add = { ...zeroCounts(), rowsBase: ROWS, rowsTarget: ROWS, planted: 3, caught: 3 };
  const checkpoint = claimed.shard.range.upTo;
  await ledger.finish(claimed.hold, { checkpoint, add, outcome: 'match', failure: null }, Date.now());
  return 'done';
}
